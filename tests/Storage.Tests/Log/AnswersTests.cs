using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Storage.Log;

namespace Seamless.Storage.Tests.Log;

public sealed class AnswersTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>One of many who wait for the same commit.</summary>
    private sealed class Waiting(Action<Exception?> told) : ICommitListener
    {
        public void Settled(Exception? failure) => told(failure);
    }

    private static void Write(IRowLog log, long number, int listeners, Action<Exception?> told)
    {
        log.Enter();
        var rows = log.RowsOf(0);
        rows.Add(Some.Sample("pump-1", number), number);
        log.Added(1);
        for (var i = 0; i < listeners; i++) log.Promise(new Waiting(told), urgent: true);
        log.Leave();
    }

    [Fact]
    public async Task The_next_commit_is_written_while_the_answers_to_one_go_out_and_is_answered_after_it()
    {
        using var going = new ManualResetEventSlim();
        using var log = new FileTelemetryLog(_folder.Path, new LogOptions { MinFreeBytes = 0 }, NullLogger<FileTelemetryLog>.Instance);
        var answered = new List<int>();
        var all = new TaskCompletionSource();
        var waited = true;
        Write(log, 1, 100, _ =>
        {
            waited &= going.Wait(TimeSpan.FromSeconds(30), Ct);
            lock (answered) answered.Add(1);
        });
        while (log.End(0) < 1) await Task.Delay(1, Ct);
        Write(log, 2, 100, failure =>
        {
            lock (answered)
            {
                answered.Add(failure is null ? 2 : -1);
                if (answered.Count == 200) all.TrySetResult();
            }
        });
        var patience = Task.Delay(TimeSpan.FromSeconds(20), Ct);
        while (log.End(0) < 2 && !patience.IsCompleted) await Task.Delay(1, Ct);
        Assert.Equal(2, log.End(0));
        Assert.Empty(answered);
        going.Set();
        await all.Task.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.True(waited);
        Assert.Equal([.. Enumerable.Repeat(1, 100), .. Enumerable.Repeat(2, 100)], answered);
    }

    [Fact]
    public async Task Closing_tells_everybody_first()
    {
        var told = 0;
        using (var log = new FileTelemetryLog(_folder.Path, new LogOptions { MinFreeBytes = 0 }, NullLogger<FileTelemetryLog>.Instance))
        {
            for (var i = 1; i <= 20; i++) Write(log, i, 50, _ => Interlocked.Increment(ref told));
            await Task.Yield();
        }
        Assert.Equal(1_000, told);
    }

    public void Dispose() => _folder.Dispose();
}
