using Tidekeeper.Playground.Network;

namespace Tidekeeper.Playground.Server;

/// <summary>Speaks a database's wire protocol on an accepted connection, in front of a listener in the world.</summary>
public interface ISqlFront
{
    /// <summary>
    /// Serves one connection until the client leaves or the playground stops; closing it is the caller's.
    /// </summary>
    Task Serve(ISqlListener listener, Stream connection, CancellationToken stop) =>
        Serve(listener, connection, "127.0.0.1", stop);

    /// <summary>The same for a client whose address is known.</summary>
    Task Serve(ISqlListener listener, Stream connection, string clientHost, CancellationToken stop);
}
