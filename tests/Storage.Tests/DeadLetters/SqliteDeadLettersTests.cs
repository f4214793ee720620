using Microsoft.Extensions.DependencyInjection;
using Seamless.Storage.DeadLetters;
using Seamless.Storage.Operations;
using Seamless.Telemetry.Payloads;

namespace Seamless.Storage.Tests.DeadLetters;

public sealed class SqliteDeadLettersTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private ServiceProvider _services = null!;
    private IDeadLetters _letters = null!;
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection().AddLogging().AddStorage(o =>
        {
            o.DataDirectory = _folder.Path;
            o.DeadLetters.MaxBytes = 64 * 1024;
        }).BuildServiceProvider();
        foreach (var room in _services.GetServices<IRoomDatabase>()) await room.MigrateAsync(Ct);
        _letters = _services.GetRequiredService<IDeadLetters>();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_letter_is_kept_whole_with_every_reason()
    {
        Reject[] rejects = [.. Enum.GetValues<RejectReason>().Select((reason, i) => new Reject(reason, i, i % 2 == 0 ? null : "温度", "why"))];
        var written = Letter("default", "pump-1", [0, 255, 7]) with { Rejects = rejects };
        var id = await _letters.AddAsync(written, Ct);
        var read = await _letters.FindAsync("default", id, Ct);
        Assert.Equal(rejects, read!.Rejects);
        Assert.Equal(written.Payload, read.Payload);
        Assert.Equal(
            (id, written.Tenant, written.Device, written.Channel, written.Topic, written.Source, written.ContentType, written.ReceivedAt, written.ReplayedAt),
            (read.Id, read.Tenant, read.Device, read.Channel, read.Topic, read.Source, read.ContentType, read.ReceivedAt, read.ReplayedAt));
    }

    [Fact]
    public async Task Lists_are_newest_first_a_page_at_a_time_and_a_tenant_at_a_time()
    {
        var ids = new List<long>();
        for (var i = 0; i < 5; i++) ids.Add(await _letters.AddAsync(Letter("default", i % 2 == 0 ? "a" : "b", [1]), Ct));
        var foreign = await _letters.AddAsync(Letter("acme", "a", [1]), Ct);
        Assert.Equal([ids[4], ids[3]], (await _letters.ListAsync("default", null, null, 2, Ct)).Select(l => l.Id));
        Assert.Equal([ids[2], ids[1]], (await _letters.ListAsync("default", null, ids[3], 2, Ct)).Select(l => l.Id));
        Assert.Equal([ids[3], ids[1]], (await _letters.ListAsync("default", "b", null, 10, Ct)).Select(l => l.Id));
        Assert.Equal(5, await _letters.CountAsync("default", Ct));
        Assert.Null(await _letters.FindAsync("default", foreign, Ct));
    }

    [Fact]
    public async Task Beyond_the_total_size_the_oldest_go_and_the_newest_stays()
    {
        for (var i = 0; i < 40; i++) await _letters.AddAsync(Letter("default", "a", new byte[4096]), Ct);
        var kept = await _letters.ListAsync("default", null, null, 100, Ct);
        Assert.InRange(kept.Count, 14, 16);
        Assert.Equal(40, kept[0].Id);
        var huge = await _letters.AddAsync(Letter("default", "a", new byte[100_000]), Ct);
        Assert.Equal([huge], (await _letters.ListAsync("default", null, null, 100, Ct)).Select(l => l.Id));
    }

    [Fact]
    public async Task A_replay_is_noted_and_old_letters_can_be_deleted()
    {
        var id = await _letters.AddAsync(Letter("default", "a", [1]), Ct);
        await _letters.MarkReplayedAsync(id, DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_001_000), "accepted", Ct);
        var letter = await _letters.FindAsync("default", id, Ct);
        Assert.Equal((1_764_000_001_000, "accepted"), (letter!.ReplayedAt!.Value.ToUnixTimeMilliseconds(), letter.ReplayOutcome));
        Assert.Equal(0, await _letters.DeleteBeforeAsync(letter.ReceivedAt, Ct));
        Assert.Equal(1, await _letters.DeleteBeforeAsync(letter.ReceivedAt.AddMilliseconds(1), Ct));
    }

    private static DeadLetter Letter(string tenant, string device, byte[] payload) => new(
        0, tenant, device, "mqtt", $"v1/{tenant}/{device}/telemetry", device, "application/json", payload,
        [new Reject(RejectReason.Malformed, 3, null, "cut short")], DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000), null, null);
}
