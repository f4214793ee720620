using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Outbox;

namespace Seamless.ServiceDesk.Tests.Notifications;

public sealed class SenderLoopTests
{
    [Fact]
    public async Task The_sender_looks_when_something_is_written_or_due_and_never_in_between()
    {
        var (clock, signal, sender) = (new FakeTimeProvider(Some.At), new OutboxSignal(), new Counting());
        using var loop = new SenderLoop(sender, signal, clock, NullLogger<SenderLoop>.Instance);
        await loop.StartAsync(default);
        await sender.RoundAsync(1);

        signal.Wake();
        await sender.RoundAsync(2);
        sender.Next = Some.At.AddSeconds(5);
        signal.Wake();
        await sender.RoundAsync(3);
        sender.Next = null;
        await AdvanceUntilAsync(clock, TimeSpan.FromSeconds(5), () => sender.Rounds == 4);
        clock.Advance(TimeSpan.FromMinutes(50));
        await Task.Delay(50);
        Assert.Equal(4, sender.Rounds);
        sender.Fails = true;
        signal.Wake();
        await sender.RoundAsync(5);
        sender.Fails = false;
        await AdvanceUntilAsync(clock, TimeSpan.FromSeconds(30), () => sender.Rounds == 6);
        await loop.StopAsync(default);
    }

    /// <summary>The loop takes a moment until it waits on the clock.</summary>
    private static async Task AdvanceUntilAsync(FakeTimeProvider clock, TimeSpan span, Func<bool> done)
    {
        for (var i = 0; i < 100 && !done(); i++)
        {
            await Task.Delay(20);
            if (i == 0 || i % 25 == 0) clock.Advance(span);
        }
        Assert.True(done());
    }

    private sealed class Counting : IOutboxSender
    {
        private int _rounds;

        public DateTimeOffset? Next { get; set; }
        public bool Fails { get; set; }
        public int Rounds => Volatile.Read(ref _rounds);

        public async Task RoundAsync(int number)
        {
            for (var i = 0; i < 1000 && Rounds < number; i++) await Task.Delay(10);
            Assert.Equal(number, Rounds);
        }

        public Task<DateTimeOffset?> SendDueAsync(CancellationToken ct)
        {
            Interlocked.Increment(ref _rounds);
            return Fails ? throw new InvalidOperationException("broken") : Task.FromResult(Next);
        }
    }
}
