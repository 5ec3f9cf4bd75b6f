namespace Tidekeeper.Engines.TiDB.Scripts;

/// <summary>How a TiFlash pod gets its configuration and starts.</summary>
public static class TiflashScript
{
    /// <summary>
    /// The init container: writes the configuration of this pod from the templates, in which POD_NUM stands for the
    /// ordinal and PD_ADDR for PD's address. The values contain nothing that sed would take for syntax.
    /// </summary>
    public const string InitText = """
        #!/bin/sh
        set -eu

        pod="${POD_NAME:-$(hostname)}"
        ordinal="${pod##*-}"
        templates="${TIDEKEEPER_TEMPLATES:-/etc/tiflash}"
        target="${TIDEKEEPER_DATA_DIR:-/data0}"
        for name in config proxy; do
            sed -e "s|POD_NUM|$ordinal|g" -e "s|PD_ADDR|${TIDEKEEPER_PD:-$CLUSTER_NAME-pd:2379}|g" \
                "$templates/${name}_templ.toml" >"$target/$name.toml.new"
            mv "$target/$name.toml.new" "$target/$name.toml"
        done

        """;

    /// <summary>The main container.</summary>
    public const string Text = StartScript.Prologue + """
        echo "starting tiflash"
        exec "${TIDEKEEPER_SERVER:-/tiflash/tiflash}" server \
            --config-file "${TIDEKEEPER_DATA_DIR:-/data0}/config.toml" "$@"

        """;
}
