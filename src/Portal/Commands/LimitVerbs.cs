using System.CommandLine;
using System.Globalization;
using Seamless.Portal.Api;

namespace Seamless.Portal.Commands;

/// <summary><c>limits</c>: who may send how much, and who met it. They are set over the API or in the portal, by an administrator.</summary>
internal static class LimitVerbs
{
    public static Command Create() =>
        Verb.Create("limits", "Limits in force, what is used of them, and what they refused in the last hour; worst first.", "limits --data /var/lib/seamless", "limits --json")
            .With(Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var reached = await PlatformClient.ReachAsync(settings, ct);
                if (!reached.Succeeded) return Terminal.Refuse(reached.Refusal);
                await using var platform = reached.Value;
                using var answer = await platform.Http.GetAsync($"api/v1/limits?limit={PageQuery.MaxLimit}", ct);
                var page = await PlatformClient.ReadAsync<Page<LimitView>>(answer, ct);
                if (!page.Succeeded) return Terminal.Refuse(page.Refusal);
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(page.Value.Items);
                else Terminal.PrintTable(["DEVICE", "MSG/S", "OF", "BYTES TODAY", "OF", "METRICS", "OF", "DEVICES", "OF", "REFUSED 1H", "SLOWED 1H"], page.Value.Items.Select(Row));
                return Terminal.Success;
            });

    private static IReadOnlyList<string> Row(LimitView view) =>
    [
        view.Device ?? "(tenant)", view.Use.MessagesPerSecond.ToString("0.##", CultureInfo.InvariantCulture), $"{view.Limits.MessagesPerSecond}",
        $"{view.Use.BytesToday}", $"{view.Limits.BytesPerDay}", $"{view.Use.Metrics}", $"{view.Limits.Metrics}", $"{view.Use.Devices}", $"{view.Limits.Devices}", $"{view.LastHour.Refused}", $"{view.LastHour.Slowed}",
    ];
}
