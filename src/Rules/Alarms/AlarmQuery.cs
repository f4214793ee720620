using Microsoft.EntityFrameworkCore;

namespace Seamless.Rules.Alarms;

/// <summary>A filter as a query: newest onset first, then id.</summary>
internal static class AlarmQuery
{
    public static async Task<IQueryable<AlarmRow>> Of(RulesContext context, AlarmFilter filter, CancellationToken ct)
    {
        var alarms = context.Alarms.AsNoTracking().Where(a => a.Tenant == filter.Tenant);
        if (filter.Device is { } device) alarms = alarms.Where(a => a.Device == device);
        if (filter.Site is { } site) alarms = alarms.Where(a => a.Site == site);
        if (filter.State is { } state) alarms = alarms.Where(a => a.State == state);
        if (filter.Severity is { } severity) alarms = alarms.Where(a => a.Severity == severity);
        if (filter.Rule is { } rule) alarms = alarms.Where(a => a.Rule == rule);
        if (filter.From is { } from) alarms = alarms.Where(a => a.OnsetAt >= from);
        if (filter.To is { } to) alarms = alarms.Where(a => a.OnsetAt < to);
        if (filter.Maintenance) alarms = alarms.Where(a => a.MaintenanceWindow != null);
        if (filter.OpenOnly) alarms = alarms.Where(a => a.ClosedAtOrdinal == null && (a.IsActive || !a.IsAcknowledged || a.IsLatched));
        if (filter.After is { } after && await context.Alarms.Where(a => a.Id == after).Select(a => (DateTimeOffset?)a.OnsetAt).SingleOrDefaultAsync(ct) is { } onset)
#pragma warning disable CA1309 // translated to SQL, where text compares by bytes
            alarms = alarms.Where(a => a.OnsetAt < onset || (a.OnsetAt == onset && string.Compare(a.Id, after) > 0));
#pragma warning restore CA1309
        return alarms.OrderByDescending(a => a.OnsetAt).ThenBy(a => a.Id).Take(filter.Limit);
    }
}
