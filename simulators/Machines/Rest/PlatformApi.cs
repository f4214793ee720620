using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Seamless.Machines.Equipment;
using Seamless.Machines.Scenarios;

namespace Seamless.Machines.Rest;

/// <summary>The platform's public API as registrars, technicians and couriers use it.</summary>
public sealed class PlatformApi : IDisposable
{
    private const int PageSize = 500;

    /// <summary>A simulated year that was put to sleep for a while goes on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly HttpClient _http;

    public PlatformApi(Uri address, string apiKey)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = Patience };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    public void Dispose() => _http.Dispose();

    public Task PutSiteAsync(ScenarioSite site, CancellationToken ct) => SendAsync(HttpMethod.Put, $"api/v1/sites/{site.Id}", new
    {
        site.Id, site.Name, site.TimeZone, site.Customer, location = new { site.Latitude, site.Longitude },
    }, ct);

    /// <summary>Registers the device; one that is known already stays as it is.</summary>
    public async Task AddDeviceAsync(ScenarioMachine machine, ScenarioSite site, string serial, CancellationToken ct)
    {
        using var response = await _http.PostAsJsonAsync("api/v1/devices", new
        {
            machine.Id, machine.Type, machine.Site, machine.Tier, site.Customer, serial, location = new { site.Latitude, site.Longitude }, tags = new Dictionary<string, string>(),
        }, Json, ct);
        if (response.StatusCode is not HttpStatusCode.Conflict) await EnsureAsync(response, ct);
    }

    /// <summary>A kind of spare that no pack brings, and a few of it in the stores.</summary>
    public Task PutPartAsync(SparePart part, CancellationToken ct) => SendAsync(HttpMethod.Put, $"api/v1/parts/{part.Sku}", new
    {
        title = new { en = part.English, zhCN = part.Chinese }, part.LeadTimeDays, part.UnitCost, types = new[] { part.Type }, stock = new { national = 4, central = 2, regional = 1 },
    }, ct);

    /// <summary>Somebody is hired: works around the clock, wherever it is.</summary>
    public Task PutTechnicianAsync(ScenarioTechnician technician, CancellationToken ct) => SendAsync(HttpMethod.Put, $"api/v1/technicians/{technician.Id}", new
    {
        technician.Home.Latitude, technician.Home.Longitude, technician.Home.TimeZone, skills = technician.Skills.ToDictionary(skill => skill, _ => 1),
    }, ct);

    public async Task AddGatewayAsync(string id, CancellationToken ct)
    {
        using var response = await _http.PostAsJsonAsync("api/v1/devices", new { id, type = "gateway" }, Json, ct);
        if (response.StatusCode is not HttpStatusCode.Conflict) await EnsureAsync(response, ct);
    }

    public async Task<string> IssueTokenAsync(string device, CancellationToken ct)
    {
        using var response = await _http.PostAsync(new Uri($"api/v1/devices/{device}/token", UriKind.Relative), null, ct);
        await EnsureAsync(response, ct);
        var answer = await response.Content.ReadFromJsonAsync<TokenView>(Json, ct);
        return answer?.Token ?? throw new HttpRequestException($"no token for {device} in the answer");
    }

    public Task<IReadOnlyList<TicketView>> TicketsAsync(CancellationToken ct) => AllAsync<TicketView>("api/v1/tickets?", ct);

    public Task<IReadOnlyList<TicketView>> TicketsAsync(string status, CancellationToken ct) => AllAsync<TicketView>($"api/v1/tickets?status={status}&", ct);

    public Task<IReadOnlyList<AlarmView>> AlarmsAsync(CancellationToken ct) => AllAsync<AlarmView>("api/v1/alarms?", ct);

    public Task<IReadOnlyList<ShipmentView>> ShipmentsAsync(string ticket, CancellationToken ct) => AllAsync<ShipmentView>($"api/v1/shipments?ticket={ticket}&", ct);

    public Task<IReadOnlyList<RemedyView>> RemediesAsync(CancellationToken ct) => AllAsync<RemedyView>("api/v1/remedies?", ct);

    /// <summary>The platform's own scoreboard of a period.</summary>
    public async Task<IReadOnlyList<KpiView>> KpisAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
        (await GetAsync<KpiView>($"api/v1/kpis?from={from.ToUnixTimeMilliseconds()}&to={to.ToUnixTimeMilliseconds()}", ct)).Items;

    /// <returns>Null when the action was done, else the platform's reason.</returns>
    public Task<string?> ActAsync(string ticket, string action, IReadOnlyDictionary<string, string> args, CancellationToken ct) =>
        TryPostAsync($"api/v1/tickets/{ticket}/actions/{action}", args, ct);

    /// <summary>A customer says on the telephone that a machine does not work.</summary>
    /// <inheritdoc cref="ActAsync"/>
    public Task<string?> CallAsync(string device, string site, CancellationToken ct) => TryPostAsync(
        "api/v1/tickets", new { device, site, urgency = "high", title = new { en = "The machine does not work", zhCN = "设备无法工作" }, note = "the customer called" }, ct);

    /// <summary>A technician asks for a part that was not brought.</summary>
    /// <inheritdoc cref="ActAsync"/>
    public Task<string?> ReserveAsync(string ticket, string sku, CancellationToken ct) => TryPostAsync("api/v1/reservations", new { ticket, sku, quantity = 1 }, ct);

    /// <inheritdoc cref="ActAsync"/>
    public Task<string?> ReportShipmentAsync(string shipment, string milestone, CancellationToken ct) =>
        TryPostAsync($"api/v1/shipments/{shipment}/actions/{milestone}", new Dictionary<string, string>(), ct);

    public Task<IReadOnlyList<ReturnView>> ReturnsAsync(CancellationToken ct) => AllAsync<ReturnView>("api/v1/returns?", ct);

    /// <inheritdoc cref="ActAsync"/>
    public Task<string?> ReceiveAsync(string id, string disposition, CancellationToken ct) => TryPostAsync($"api/v1/returns/{id}/receive", new { disposition }, ct);

    private async Task<IReadOnlyList<T>> AllAsync<T>(string path, CancellationToken ct)
    {
        var all = new List<T>();
        string? cursor = null;
        do
        {
            var page = await GetAsync<T>($"{path}limit={PageSize}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", ct);
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return all;
    }

    private async Task<Page<T>> GetAsync<T>(string path, CancellationToken ct)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), ct);
        await EnsureAsync(response, ct);
        return await response.Content.ReadFromJsonAsync<Page<T>>(Json, ct) ?? new Page<T>([], null);
    }

    private async Task<string?> TryPostAsync(string path, object body, CancellationToken ct)
    {
        using var response = await _http.PostAsJsonAsync(path, body, Json, ct);
        return response.IsSuccessStatusCode ? null : await ReasonAsync(response, ct);
    }

    private async Task SendAsync(HttpMethod method, string path, object body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, options: Json) };
        using var response = await _http.SendAsync(request, ct);
        await EnsureAsync(response, ct);
    }

    private static async Task EnsureAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (!response.IsSuccessStatusCode) throw new HttpRequestException(await ReasonAsync(response, ct), null, response.StatusCode);
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var request = response.RequestMessage;
        return $"{request?.Method} {request?.RequestUri?.PathAndQuery}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(ct)}";
    }

    private sealed record TokenView(string Token);
}
