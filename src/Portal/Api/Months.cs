using System.Globalization;
using Seamless.ServiceDesk.Commerce.Ledger;

namespace Seamless.Portal.Api;

/// <summary>A calendar month in an address, such as <c>2026-03</c>; this one when not given.</summary>
internal static class Months
{
    private const string Format = "yyyy-MM";

    /// <returns>The problem; null when there is none.</returns>
    public static IResult? Read(string? text, TimeProvider clock, out Month month)
    {
        var first = clock.GetUtcNow();
        var fits = text is null || DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out first);
        month = Month.Of(first);
        return fits ? null : Problems.Invalid($"month is '{text}'; it must be a month such as 2026-03");
    }
}
