using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Seamless.Storage.Log;

namespace Seamless.Storage.Tests.Log;

public sealed class LogConsumerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FileTelemetryLog _log;
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public LogConsumerTests() =>
        _log = new FileTelemetryLog(_folder.Path, new LogOptions { SegmentBytes = 64 * 1024, MinFreeBytes = 0 }, NullLogger<FileTelemetryLog>.Instance);

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    private sealed class Failing(ITelemetryLog log, TimeProvider time, int failures) : LogConsumer(log, "failing", time, NullLogger.Instance)
    {
        private int _failures = failures;
        public List<long> Handled { get; } = [];
        public SemaphoreSlim Failed { get; } = new(0);

        protected override ValueTask HandleAsync(int partition, LogBatch batch, CancellationToken ct)
        {
            if (batch.FirstSequence > 1 && _failures-- > 0)
            {
                Failed.Release();
                throw new InvalidOperationException("not now");
            }
            Handled.AddRange(batch.Records().Select(r => r.Sequence));
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task A_handler_that_throws_is_given_the_same_records_again_after_a_pause()
    {
        var time = new FakeTimeProvider();
        using var consumer = new Failing(_log, time, failures: 3);
        await consumer.StartAsync(Ct);
        await consumer.StartedAsync(Ct);
        await _log.AppendAsync([LogEntry.Tick(1)], Ct);
        await _log.WaitForAsync("failing", Ct);
        await _log.AppendAsync([LogEntry.Tick(2)], Ct);
        await consumer.Failed.WaitAsync(Ct);
        Assert.Equal([1L], consumer.Handled);
        var handled = _log.WaitForAsync("failing", Ct);
        while (!handled.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal([1L, 2L], consumer.Handled);
        await consumer.StopAsync(Ct);
    }

    [Fact]
    public async Task The_ticker_appends_a_tick_each_second_of_platform_time()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000));
        using var ticker = new LogTicker(_log, Options.Create(new StorageOptions()), time, NullLogger<LogTicker>.Instance);
        await ticker.StartAsync(Ct);
        var ticks = new List<long>();
        await foreach (var batch in _log.ReadAsync(0, 0, Advancing(time, ticks)))
        {
            ticks.AddRange(batch.Records().Select(r => r.Entry.ArrivalMs));
            if (ticks.Count >= 3) break;
        }
        await ticker.StopAsync(Ct);
        Assert.All(ticks, t => Assert.Equal(0, t % 1000));
        Assert.Equal(ticks.Distinct().Order(), ticks);
    }

    /// <summary>Lets platform time pass until the test ends.</summary>
    private static CancellationToken Advancing(FakeTimeProvider time, List<long> ticks)
    {
        _ = Task.Run(async () =>
        {
            while (ticks.Count < 3 && !Ct.IsCancellationRequested)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }
        }, Ct);
        return Ct;
    }
}
