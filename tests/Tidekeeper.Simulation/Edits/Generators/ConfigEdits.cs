using System.Text.Json.Nodes;

namespace Tidekeeper.Simulation.Edits.Generators;

/// <summary>
/// Configuration files by the kind of their keys: taken online, taken at a restart, fixed once there is data, the
/// operator's own, known to nobody, and no TOML at all.
/// </summary>
internal static class ConfigEdits
{
    private const EditKind Bad = EditKind.Invalid;
    private const EditKind Open = EditKind.Unknown;

    /// <summary>Null where the property is no configuration file.</summary>
    public static IEnumerable<Edit>? Of(string path) => path switch
    {
        "spec.pd.config" =>
        [
            Toml(path, "[schedule]\nleader-schedule-limit = 8"), Toml(path, "[log]\nlevel = \"warn\""),
            Toml(path, "lease = 6"), Toml(path, "[dashboard]\ninternal-proxy = true"),
            Toml(path, "data-dir = \"/elsewhere\"", Bad), Toml(path, "name = \"me\"", Bad),
            Toml(path, "lease = \"long\"", Bad), Toml(path, "[schedule]\nlow-space-ratio = 0.1", Bad),
            Toml(path, "client-urls = \"http://0.0.0.0:3379\"", Open), Toml(path, "no-such-key = 1", Open),
            .. OfAny(path),
        ],
        "spec.tikv.config" =>
        [
            Toml(path, "[raftstore]\nraft-log-gc-threshold = 60"), Toml(path, "[server]\ngrpc-concurrency = 6"),
            Toml(path, "log-file = \"/var/lib/tikv/tikv.log\""),
            Toml(path, "[storage]\ndata-dir = \"/elsewhere\"", Bad),
            Toml(path, "[storage]\nengine = \"partitioned-raft-kv\"", Bad),
            Toml(path, "[storage]\napi-version = 2", Bad),
            Toml(path, "[raft-engine]\ndir = \"/var/lib/tikv/other\"", Bad),
            Toml(path, "[server]\ngrpc-concurrency = 0", Bad), Toml(path, "[server]\ngrpc-concurrency = \"some\"", Bad),
            Toml(path, "[raftstore]\nraft-log-gc-threshold = \"x\"", Bad),
            Toml(path, "[server]\naddr = \"0.0.0.0:20161\"", Open), Toml(path, "[server]\nno-such-key = 1", Open),
            .. OfAny(path),
        ],
        "spec.tidb.config" =>
        [
            Toml(path, "[log]\nlevel = \"warn\""), Toml(path, "[performance]\nmax-procs = 2"),
            Toml(path, "graceful-wait-before-shutdown = 1"),
            Toml(path, "path = \"elsewhere:2379\"", Bad), Toml(path, "store = \"mocktikv\"", Bad),
            Toml(path, "index-limit = 1", Bad), Toml(path, "[performance]\nmax-procs = \"all\"", Bad),
            Toml(path, "port = 4400", Open), Toml(path, "[status]\nstatus-port = 10090", Open),
            Toml(path, "no-such-key = 1", Open),
            .. OfAny(path),
        ],
        "spec.tiflash.config.config" =>
        [
            Toml(path, "[flash]\noverlap_threshold = 0.5"), Toml(path, "[logger]\nlevel = \"debug\""),
            Toml(path, "[flash]\noverlap_threshold = 5.0", Bad),
            Toml(path, "[raft]\npd_addr = \"elsewhere:2379\"", Bad),
            Toml(path, "[logger]\nlog = \"server.log\"", Bad),
            Toml(path, "[storage.main]\ndir = [\"/elsewhere\"]", Bad),
            .. OfAny(path),
        ],
        "spec.tiflash.config.proxy" =>
        [
            Toml(path, "log-level = \"warn\""), Toml(path, "[pd]\nendpoints = [\"elsewhere:2379\"]", Bad),
            .. OfAny(path),
        ],
        _ => null,
    };

    private static IEnumerable<Edit> OfAny(string path) =>
    [
        Toml(path, "this is = no = toml", Bad), Edit.Set(path, 42, Bad), Edit.Set(path, new JsonArray("a"), Bad),
        Toml(path, "# nothing but a comment"),
        Edit.Set(path, new JsonObject { ["log-of-nobody"] = new JsonObject { ["level"] = "info" } }, Open),
    ];

    private static Edit Toml(string path, string text, EditKind kind = EditKind.Valid) => Edit.Set(path, text, kind);
}
