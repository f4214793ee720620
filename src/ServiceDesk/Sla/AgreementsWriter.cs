using System.Globalization;
using System.Text;

namespace Seamless.ServiceDesk.Sla;

/// <summary>Writes agreements as a person would: what one begins with.</summary>
internal static class AgreementsWriter
{
    public static string Write(ServiceAgreements agreements)
    {
        var policies = agreements.Tiers.Values.DistinctBy(p => p.Name).ToList();
        var text = new StringBuilder("""
            # Who is promised what. A ticket keeps the version that was in force when it was opened.
            # Calendars: always is 24 hours on 365 days. Others are written like this:
            #   office-berlin: { timeZone: Europe/Berlin, hours: { mon-fri: [08:00-12:00, 13:00-18:00] }, holidays: [2026-12-25], workingDays: [] }
            calendars: {}

            policies:

            """);
        foreach (var policy in policies)
            text.Append(CultureInfo.InvariantCulture, $"  {policy.Name}: {{ respond: {Length(policy.RespondWithin)}, arrive: {Length(policy.ArriveWithin)}, resolve: {Length(policy.ResolveWithin)}, calendar: always }}\n");
        text.Append("\n# By tier, tier/P1 … tier/P4, or default for whoever has no other.\ntiers:\n");
        foreach (var (who, policy) in agreements.Tiers) text.Append(CultureInfo.InvariantCulture, $"  {who}: {policy.Name}\n");
        text.Append("\n# What single customers have instead: acme: POLICY, acme/P1: POLICY.\ncustomers: {}\n\n# Without a step for so long, the desk itself raises the alarm.\nstall:\n");
        foreach (var (tier, after) in agreements.StallAfter) text.Append(CultureInfo.InvariantCulture, $"  {tier}: {Length(after)}\n");
        return text.ToString();
    }

    private static string Length(TimeSpan time) =>
        time.TotalHours > 48 && time.Ticks % TimeSpan.TicksPerDay == 0 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0}d")
        : time.Ticks % TimeSpan.TicksPerHour == 0 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0}h")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.##}m");
}
