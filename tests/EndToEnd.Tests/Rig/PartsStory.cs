using System.Globalization;
using System.Text.Json.Nodes;

namespace Seamless.EndToEnd.Tests.Rig;

/// <summary>A platform on a Monday morning, for the stories of one class.</summary>
public sealed class MorningPlatform : IAsyncLifetime
{
    private SimulatedPlatform? _platform;

    public SimulatedPlatform Platform => _platform ?? throw new InvalidOperationException("not started yet");

    public async ValueTask InitializeAsync() => _platform = await SimulatedPlatform.StartAsync(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}

/// <summary>What stories about spare parts have in common: machines by their place and generation, tickets, units, carriers that wait to be told.</summary>
public static class PartsStory
{
    public const string Bearing = "PMP-BRG-6309";
    public const string Courier = "scheduled-courier";

    public static (double Latitude, double Longitude) Paris { get; } = (48.86, 2.35);
    public static (double Latitude, double Longitude) Rotterdam { get; } = (51.92, 4.48);

    public static Task<JsonNode> AddPumpAsync(this SimulatedPlatform platform, string id, (double Latitude, double Longitude) at, string? generation = null, string model = "CP-100") =>
        platform.PostAsync("/api/v1/devices", new
        {
            id, type = "pump", site = "works", customer = "acme", location = new { latitude = at.Latitude, longitude = at.Longitude },
            tags = generation is null ? new Dictionary<string, string>() : new() { ["model"] = model, ["generation"] = generation },
        });

    public static async Task<string> OpenAsync(this SimulatedPlatform platform, string device, string? faultCode = null) =>
        (string)(await platform.PostAsync("/api/v1/tickets", new { device, priority = "p2", faultCode, title = new { en = "Pump is loud", zhCN = "水泵噪声大" } }))["id"]!;

    public static Task<JsonNode> EnterAsync(this SimulatedPlatform platform, string serial, string sku, string depot) =>
        platform.PostAsync("/api/v1/parts/units", new { serial, sku, depot }, 201);

    public static Task<JsonNode> UnitAsync(this SimulatedPlatform platform, string serial) => platform.GetAsync($"/api/v1/parts/units/{serial}");

    public static async Task<JsonNode> OnlyPartAsync(this SimulatedPlatform platform, string ticket) => Assert.Single((await platform.TicketAsync(ticket))["parts"]!.AsArray())!;

    public static async Task<JsonNode> ShipmentAsync(this SimulatedPlatform platform, string ticket) => (await platform.ItemsAsync($"/api/v1/shipments?ticket={ticket}&open=true"))[^1];

    /// <summary>The courier reports nothing by itself from now on.</summary>
    public static Task<JsonNode> WaitForReportsAsync(this SimulatedPlatform platform, double toleranceHours) =>
        platform.PutAsync($"/api/v1/carriers/{Courier}", new { reports = "messages", toleranceHours });

    public static Task<JsonNode> ReportAsync(this SimulatedPlatform platform, JsonNode shipment, string milestone) =>
        platform.PostAsync($"/api/v1/shipments/{shipment.Text("id")}/actions/{milestone}", new { });

    /// <summary>A technician goes there and fits what has arrived.</summary>
    /// <returns>The serial that was fitted.</returns>
    public static async Task<string> FitAsync(this SimulatedPlatform platform, string ticket, string? removedSerial)
    {
        var serial = (string)(await platform.OnlyPartAsync(ticket))["serials"]![0]!;
        foreach (var action in (string[])["acknowledge", "depart", "arrive"]) await platform.PostAsync($"/api/v1/tickets/{ticket}/actions/{action}", new { });
        await platform.PostAsync($"/api/v1/tickets/{ticket}/actions/install-part", removedSerial is null ? new Dictionary<string, string> { ["serial"] = serial } : new() { ["serial"] = serial, ["removedSerial"] = removedSerial });
        return serial;
    }

    public static DateTimeOffset Instant(this JsonNode node, string property) => DateTimeOffset.Parse(node.Text(property), CultureInfo.InvariantCulture);

    /// <summary>Nothing has vanished or come from nowhere, and every move is the one that was signed.</summary>
    public static async Task AssertConservedAsync(this SimulatedPlatform platform)
    {
        Assert.All(await platform.ItemsAsync("/api/v1/parts/balance?limit=1000"), balance => Assert.True((bool)balance["conserved"]!, $"{balance}"));
        var check = await platform.GetAsync("/api/v1/parts/custody/check");
        Assert.True((bool)check["whole"]!, $"{check}");
    }
}
