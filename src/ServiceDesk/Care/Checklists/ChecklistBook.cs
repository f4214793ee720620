using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Checklists;

internal sealed class ChecklistBook(Workbench workbench, IAudit audit, TimeProvider clock) : IChecklists
{
    private const int MostItems = 100;
    private const int MostText = 500;

    public async Task<Outcome<Checklist>> PublishAsync(string tenant, NewChecklist checklist, string actor, CancellationToken ct)
    {
        if (Fault(checklist) is { } fault) return Refusal.Invalid(fault);
        var published = await workbench.CommitAsync(clock.GetUtcNow(), async work =>
        {
            var version = (await work.Db.Checklists.Where(c => c.Tenant == tenant && c.Id == checklist.Id).MaxAsync(c => (int?)c.Version, ct) ?? 0) + 1;
            var row = new ChecklistRow { Tenant = tenant, Id = checklist.Id, Version = version, Title = checklist.Title, Items = checklist.Items, Actor = actor, At = work.Now };
            work.Db.Checklists.Add(row);
            return row.ToChecklist();
        }, ct);
        await audit.RecordAsync(tenant, actor, "care.checklist", $"checklist:{published.Id}", null, "ok", $"version {published.Version}", ct);
        return published;
    }

    public Task<IReadOnlyList<Checklist>> ListAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Checklist>>(async db =>
        (await db.Checklists.Where(c => c.Tenant == tenant).OrderBy(c => c.Id).ThenByDescending(c => c.Version).ToListAsync(ct)).ConvertAll(c => c.ToChecklist()), ct);

    private static string? Fault(NewChecklist checklist) => checklist switch
    {
        _ when checklist.Id is null || !DeviceKey.IsValidName(checklist.Id) => "id: letters, digits, dots, dashes and underscores",
        { Title: not { En.Length: > 0 and <= MostText, ZhCn.Length: > 0 and <= MostText } } => $"title: 1 to {MostText} characters in each language",
        { Items: not { Count: > 0 and <= MostItems } } => $"items: 1 to {MostItems}",
        _ when checklist.Items.Any(i => i is not { Id.Length: > 0 and <= 60, Text: { En.Length: > 0 and <= MostText, ZhCn.Length: > 0 and <= MostText } }) => $"items: each has an id of 1 to 60 characters and a text of 1 to {MostText} in each language",
        _ when checklist.Items.GroupBy(i => i.Id).FirstOrDefault(g => g.Count() > 1) is { } twice => $"items: '{twice.Key}' is there twice",
        _ when checklist.Items.FirstOrDefault(i => i.Kind is not ItemKind.Value && (i.Min ?? i.Max) is not null) is { } odd => $"item '{odd.Id}': only a value has limits",
        _ when checklist.Items.FirstOrDefault(i => i.Max < i.Min) is { } empty => $"item '{empty.Id}': 'max' is not below 'min'",
        _ when checklist.Items.FirstOrDefault(i => i.Kind is ItemKind.Value && i.Unit is not { Length: > 0 and <= 20 }) is { } bare => $"item '{bare.Id}': a value has a 'unit' of 1 to 20 characters",
        _ => null,
    };
}
