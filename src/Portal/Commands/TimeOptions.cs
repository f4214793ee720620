using System.CommandLine.Parsing;
using System.Globalization;
using Seamless.Portal.Api;

namespace Seamless.Portal.Commands;

/// <summary>Times on the command line, written as in the API.</summary>
internal static class TimeOptions
{
    public static Instant Parse(ArgumentResult argument)
    {
        var text = argument.Tokens.Single().Value;
        if (!Instant.TryParse(text, CultureInfo.InvariantCulture, out var instant))
            argument.AddError($"'{text}' is not a time; write RFC 3339 (2026-01-31T12:00:00Z) or Unix milliseconds");
        return instant;
    }
}
