namespace Tidekeeper.Model.Admin.TiDB;

/// <summary>An error of those PD endpoints that do not answer with a bare JSON string.</summary>
public sealed record PdFault
{
    public string Msg { get; init; } = "";

    /// <summary>For example <c>input</c>, <c>internal</c>.</summary>
    public string Code { get; init; } = "";
}

/// <summary>Texts that clients of PD tell apart.</summary>
public static class PdErrors
{
    /// <summary>500 from everything about stores and regions until the first TiKV has come.</summary>
    public const string NotBootstrapped = "TiKV cluster not bootstrapped, please start TiKV first";

    /// <summary>503, as plain text, while no PD member leads.</summary>
    public const string NoLeader = "[PD:apiutil:ErrRedirectNoLeader]redirect finds no leader";

    /// <summary>404 for a scheduler that does not exist.</summary>
    public const string SchedulerNotFound = "[PD:scheduler:ErrSchedulerNotFound]scheduler not found";

    /// <summary>500 when nobody may take the leadership.</summary>
    public const string NoTransferTarget = "no valid pd to transfer leader";

    public static string StoreNotFound(ulong id) => $"[PD:core:ErrStoreNotFound]store {id} not found";

    /// <summary>410: the store is a tombstone already.</summary>
    public static string StoreRemoved(ulong id) => $"[PD:core:ErrStoreRemoved]store {id} has been removed";

    /// <summary>400: what would be left is fewer than max-replicas.</summary>
    public static string StoresNotEnough(ulong id, int left, int need) =>
        $"[PD:cluster:ErrStoresNotEnough]can not remove store {id} "
        + $"since the number of up stores would be {left} while need {need}";

    public static string MemberNotFound(string name) => $"not found, pd: {name}";

    public static string MemberRemoved(string name) => $"removed, pd: {name}";
}
