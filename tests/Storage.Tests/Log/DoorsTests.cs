using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Storage.Log;

namespace Seamless.Storage.Tests.Log;

/// <summary>Who follows the log leaves the processor to a start that devices wait for.</summary>
public sealed class DoorsTests : IDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromMilliseconds(300);   // to read three records, had it begun
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TempFolder _folder = new();
    private readonly FileTelemetryLog _log;
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public DoorsTests() =>
        _log = new FileTelemetryLog(_folder.Path, new LogOptions { SegmentBytes = 64 * 1024, MinFreeBytes = 0 }, NullLogger<FileTelemetryLog>.Instance);

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    /// <param name="atOnce">It must know what lies in the log before a door opens.</param>
    private sealed class Follower(ITelemetryLog log, string name, bool atOnce) : LogConsumer(log, name, TimeProvider.System, NullLogger.Instance)
    {
        public ConcurrentQueue<long> Handled { get; } = [];
        public bool HasBegun { get; private set; }

        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            await base.StartAsync(cancellationToken);
            if (!atOnce) return;
            BeginNow();
            await Log.WaitForAsync(Name, cancellationToken);
        }

        protected override ValueTask<long> StartAfterAsync(int partition, CancellationToken ct)
        {
            HasBegun = true;
            return base.StartAfterAsync(partition, ct);
        }

        protected override ValueTask HandleAsync(int partition, LogBatch batch, CancellationToken ct)
        {
            foreach (var record in batch.Records()) Handled.Enqueue(record.Sequence);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>The last to start, as the host's own door is. It takes as long as a test wants.</summary>
    private sealed class Door : IHostedService
    {
        public TaskCompletionSource Opening { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Opening.TrySetResult();
            return Opened.Task.WaitAsync(cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static IHost HostOf(LogConsumer follower, Door door)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostedService>(follower);
        builder.Services.AddSingleton<IHostedService>(door);
        return builder.Build();
    }

    private async Task AppendThreeAsync() => await _log.AppendAsync([LogEntry.Tick(1), LogEntry.Tick(2), LogEntry.Tick(3)], Ct);

    [Fact]
    public async Task A_backlog_is_read_once_the_doors_are_open_and_not_before()
    {
        await AppendThreeAsync();
        var (follower, door) = (new Follower(_log, "patient", atOnce: false), new Door());
        using var host = HostOf(follower, door);
        var starting = host.StartAsync(Ct);
        await door.Opening.Task.WaitAsync(Patience, Ct);
        await Task.Delay(LongEnough, Ct);
        Assert.False(follower.HasBegun);
        Assert.Equal(3, _log.Lag()["patient"]);   // what is not read yet is no secret
        door.Opened.SetResult();
        await starting;
        await _log.WaitForAsync("patient", Ct).WaitAsync(Patience, Ct);
        Assert.Equal([1L, 2L, 3L], follower.Handled);
        Assert.Equal(0, _log.Lag()["patient"]);
        await host.StopAsync(Ct);
    }

    [Fact]
    public async Task A_start_that_fails_ends_and_nothing_was_read()
    {
        await AppendThreeAsync();
        var (follower, door) = (new Follower(_log, "patient", atOnce: false), new Door());
        using var host = HostOf(follower, door);
        door.Opened.SetException(new IOException("another program is there"));
        await Assert.ThrowsAsync<IOException>(() => host.StartAsync(Ct).WaitAsync(Patience, Ct));
        await host.StopAsync(Ct).WaitAsync(Patience, Ct);
        Assert.True(follower.ExecuteTask!.IsCompleted);   // or called off: the stop may come before it was given a thread
        Assert.False(follower.ExecuteTask.IsFaulted);
        Assert.False(follower.HasBegun);
    }

    [Fact]
    public async Task Who_must_know_before_the_doors_open_reads_before()
    {
        await AppendThreeAsync();
        var (follower, door) = (new Follower(_log, "first", atOnce: true), new Door());
        using var host = HostOf(follower, door);
        var starting = host.StartAsync(Ct);
        await door.Opening.Task.WaitAsync(Patience, Ct);
        Assert.Equal([1L, 2L, 3L], follower.Handled);
        door.Opened.SetResult();
        await starting;
        await host.StopAsync(Ct);
        Assert.Equal(3, follower.Handled.Count);   // that the doors opened did not begin it again
    }
}
