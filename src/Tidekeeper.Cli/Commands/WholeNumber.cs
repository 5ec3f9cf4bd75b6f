using System.CommandLine;
using System.Globalization;

namespace Tidekeeper.Cli.Commands;

/// <summary>An option that is a whole number between two bounds; anything else is named with what is allowed.</summary>
internal static class WholeNumber
{
    public static Option<int> Option(string name, string help, string description, int otherwise, int least, int most)
    {
        // A validator would come too late: it is not asked about a word that is no number.
        return new Option<int>(name)
        {
            Description = description,
            HelpName = help,
            DefaultValueFactory = _ => otherwise,
            CustomParser = result =>
            {
                var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
                if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most)
                    return number;
                result.AddError($"{name} {text}: give a number from {least} to {most}");
                return otherwise;
            },
        };
    }
}
