namespace Tidekeeper.Playground.Databases.TiDB;

/// <summary>The ports that the real binaries use unless their configuration says otherwise.</summary>
public static class TidbPorts
{
    public const int PdClient = 2379;
    public const int PdPeer = 2380;
    public const int Discovery = 10261;
    public const int TikvServer = 20160;
    public const int TikvStatus = 20180;
    public const int Mysql = 4000;
    public const int TidbStatus = 10080;
    public const int TiflashService = 3930;
    public const int TiflashProxy = 20170;
    public const int TiflashProxyStatus = 20292;
    public const int TiflashMetrics = 8234;
}
