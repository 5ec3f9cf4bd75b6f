using Tidekeeper.StandIn;

namespace Tidekeeper.UnitTests.StandIn;

public class MountsTests
{
    [Fact]
    public void What_can_be_written_and_is_not_in_every_container_is_a_volume() =>
        Assert.Equal(["/var/lib/pd", "/data with blanks"], Mounts.Read("""
            overlay / overlay rw,relatime,lowerdir=/a 0 0
            proc /proc proc rw,nosuid 0 0
            tmpfs /dev tmpfs rw,nosuid 0 0
            /dev/vda /etc/hosts ext4 rw,relatime 0 0
            /dev/vda /etc/resolv.conf ext4 rw,relatime 0 0
            /dev/vda /dev/termination-log ext4 rw,relatime 0 0
            /dev/vda /etc/pd ext4 ro,relatime 0 0
            tmpfs /run/secrets/kubernetes.io/serviceaccount tmpfs ro,relatime 0 0
            /dev/vda /var/lib/pd ext4 rw,relatime 0 0
            tmpfs /data\040with\040blanks tmpfs rw,relatime 0 0

            """));
}
