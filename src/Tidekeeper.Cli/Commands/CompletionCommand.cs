using System.CommandLine;

namespace Tidekeeper.Cli.Commands;

/// <summary><c>tide completion SHELL</c>: a script that asks <c>tide</c> itself what can come next.</summary>
internal static class CompletionCommand
{
    public static Command Build()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command =
            new Command("completion", "Print a completion script; for bash: source <(tide completion bash)") { shell };
        command.SetAction(result => Console.Write(Script(result.GetRequiredValue(shell))));
        return command;
    }

    private static string Script(string shell) => shell switch
    {
        "bash" =>
            """
            _tide() {
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _tide tide ./tide

            """,
        "zsh" =>
            """
            #compdef tide
            _tide() {
                local -a answers
                answers=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                compadd -a answers
            }
            compdef _tide tide

            """,
        _ =>
            """
            function __tide_complete
                set -l line (commandline -cp)
                tide "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -f -c tide -a '(__tide_complete)'

            """,
    };
}
