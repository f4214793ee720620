using Seamless.Rules.Alarms;
using Seamless.ServiceDesk.Sessions;

namespace Seamless.Portal.Pages.Entry;

/// <summary>What of the machine's measurements a guest may see: those that the alarms of the ticket are about.</summary>
internal static class GuestEvidence
{
    public static async Task<IReadOnlyList<Evidence>> EvidenceAsync(this IAlarms alarms, GuestView view, CancellationToken ct)
    {
        var evidence = new List<Evidence>();
        foreach (var id in view.Alarms)
            if (await alarms.FindAsync(view.Tenant, id, ct) is { } alarm) evidence.AddRange(alarm.Evidence.Where(e => e.Metric is not null));
        return evidence;
    }
}
