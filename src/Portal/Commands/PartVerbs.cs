using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;

namespace Seamless.Portal.Commands;

/// <summary>The stock plan from the shell, beside a running or a stopped <c>serve</c>.</summary>
internal static class PartVerbs
{
    private const string Path = "api/v1/parts/plan";

    public static Command Create() => Verb.Create("parts", "Spare parts: how many each depot is to hold, and where each unit is.", "parts plan").With(Plan(), CustodyVerbs.Unit(), CustodyVerbs.Losses(), CustodyVerbs.Check(), CountVerbs.Count());

    private static Command Plan()
    {
        var compute = new Option<bool>("--compute") { Description = "Compute the levels anew and put them in force; without it the plan in force is shown." };
        var budget = new Option<decimal?>("--budget") { Description = "What all levels together may cost; with --compute.", HelpName = "MONEY" };
        var sku = new Option<string?>("--sku") { Description = "Only this part.", HelpName = "SKU" };
        var depot = new Option<string?>("--depot") { Description = "Only this depot.", HelpName = "ID" };
        var all = new Option<bool>("--all") { Description = "Also levels of nothing, and those that stay." };
        return Verb.Create("plan", "The level of each part in each depot, and why this many and not one more.", "parts plan --sku PMP-BRG-6309", "parts plan --compute --budget 250000 --json")
            .With(compute, budget, sku, depot, all, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                if (parsed.GetValue(budget) is not null && !parsed.GetValue(compute)) return Terminal.Misused("--budget belongs to --compute: parts plan --compute --budget 250000");
                var (onlySku, onlyDepot) = (parsed.GetValue(sku), parsed.GetValue(depot));
                var plan = await AskAsync(settings, parsed.GetValue(compute) ? new PlanRequest(parsed.GetValue(budget)) : null, ct);
                if (!plan.Succeeded) return Terminal.Refuse(plan.Refusal);
                var levels = plan.Value.Levels.Where(l => (onlySku is null || l.Sku == onlySku) && (onlyDepot is null || l.Depot == onlyDepot)).ToList();
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(plan.Value with { Levels = levels });
                else Print(plan.Value, levels, parsed.GetValue(all) || onlySku is not null || onlyDepot is not null);
                return Terminal.Success;
            });
    }

    private static async Task<Telemetry.Outcome<StockPlanView>> AskAsync(PlatformSettings settings, PlanRequest? compute, CancellationToken ct)
    {
        var reached = await PlatformClient.ReachAsync(settings, ct);
        if (!reached.Succeeded) return reached.Refusal;
        await using var platform = reached.Value;
        using var answer = compute is null ? await platform.Http.GetAsync(Path, ct) : await platform.Http.PostAsJsonAsync($"{Path}/compute", compute, ApiJson.Options, ct);
        return await PlatformClient.ReadAsync<StockPlanView>(answer, ct);
    }

    private static void Print(StockPlanView plan, List<PlannedLevelView> levels, bool everything)
    {
        Terminal.PrintTable(["PART", "DEPOT", "LEVEL", "BEFORE", "DEMAND/YEAR", "KNOWN", "LEAD DAYS", "FILL", "OF", "WHY"], levels.Where(l => everything || l.Level != l.Before).Select(Row));
        var changed = levels.Count(l => l.Level != l.Before);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"plan {plan.Number} of {plan.ComputedAt:u}: {levels.Count} levels, {changed} changed; {plan.Cost:0.##} in all, {plan.CostBefore:0.##} before"));
    }

    private static IReadOnlyList<string> Row(PlannedLevelView level) =>
    [
        level.Sku, level.Depot, Number(level.Level), Number(level.Before), Number(level.DemandPerYear), Number(level.KnownDemand), Number(level.LeadTimeDays),
        level.FillRate.ToString("P1", CultureInfo.InvariantCulture), level.TargetFillRate.ToString("P1", CultureInfo.InvariantCulture), level.Why,
    ];

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
