using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary>Speaks to the platform on a data directory over its own API: the one that runs, or else one started for this verb, without a heart.</summary>
internal sealed class PlatformClient : IAsyncDisposable
{
    private readonly Platform? _own;

    private PlatformClient(ControlFile control, Platform? own)
    {
        _own = own;
        Http = new HttpClient { BaseAddress = control.Http, Timeout = Timeout.InfiniteTimeSpan };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", control.Key);
    }

    public HttpClient Http { get; }

    public static async Task<Outcome<PlatformClient>> ReachAsync(PlatformSettings settings, CancellationToken ct)
    {
        var data = settings[SettingsSchema.Data];
        if (DataDirectoryLock.IsTaken(data))
            return ControlFile.Read(data) is { } running ? new PlatformClient(running, null) : Refusal.Because($"the platform on {data} is just starting; try again");
        var options = PlatformOptions.From(settings);
        if (!options.Succeeded) return options.Refusal;
        var own = await Platform.StartAsync(options.Value.Quiet(), ct);
        return new PlatformClient(own.Control, own);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_own is not null) await _own.DisposeAsync();
    }

    /// <summary>One question, from reaching the platform to the exit code.</summary>
    /// <param name="print">Says the answer, when there is one.</param>
    public static async Task<int> AskAsync<T>(PlatformSettings settings, Func<HttpClient, CancellationToken, Task<HttpResponseMessage>> ask, Action<T> print, CancellationToken ct)
    {
        var reached = await ReachAsync(settings, ct);
        if (!reached.Succeeded) return Terminal.Refuse(reached.Refusal);
        await using var platform = reached.Value;
        using var answer = await ask(platform.Http, ct);
        var read = await ReadAsync<T>(answer, ct);
        if (!read.Succeeded) return Terminal.Refuse(read.Refusal);
        print(read.Value);
        return Terminal.Success;
    }

    /// <summary>The answer, or the problem's own words.</summary>
    public static async Task<Outcome<T>> ReadAsync<T>(HttpResponseMessage response, CancellationToken ct) => response.IsSuccessStatusCode
        ? (await response.Content.ReadFromJsonAsync<T>(ApiJson.Options, ct))!
        : await ProblemAsync(response, ct);

    public static async Task<Refusal> ProblemAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(ct);
        var reason = problem?.Detail ?? $"the platform answered {(int)response.StatusCode}";
        return (int)response.StatusCode == StatusCodes.Status400BadRequest ? Refusal.Invalid(reason) : Refusal.Because(reason);
    }
}
