using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Seamless.ServiceDesk.Tests.Schedule;

public sealed class HeartbeatTests
{
    [Fact]
    public async Task A_beat_with_nothing_due_does_not_touch_the_database()
    {
        var reads = new CountCommands();
        await using var house = await House.OpenAsync(interceptor: reads);
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.BeatAsync();
        var before = reads.Count;
        for (var i = 0; i < 1000; i++)
        {
            house.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await house.BeatAsync();
        }
        Assert.Equal(before, reads.Count);
    }

    [Fact]
    public async Task A_beat_twice_at_the_same_instant_does_nothing_more()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.BeatAsync();
        var first = await house.OnlyTicketAsync();
        await house.BeatAsync();
        await using var again = house.Another();
        await again.BeatAsync();
        var second = await house.OnlyTicketAsync();
        Assert.Equal((first.Version, first.Timeline.Count), (second.Version, second.Timeline.Count));
    }

    [Fact]
    public async Task Quartz_beats_the_desk_when_serving()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await using var served = house.Another(configure: o => o.Heartbeat = Heartbeat.Quartz);
        var opened = new TaskCompletionSource();
        served.Tickets.Changed += () => opened.TrySetResult();

        foreach (var hosted in served.Services.GetServices<IHostedService>()) await hosted.StartAsync(default);
        await opened.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        foreach (var hosted in served.Services.GetServices<IHostedService>()) await hosted.StopAsync(default);
        await house.OnlyTicketAsync();
    }

    /// <summary>A host that has started.</summary>
    internal sealed class StartedHost : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted { get; } = new(canceled: true);
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;
        public void StopApplication()
        {
        }
    }

    private sealed class CountCommands : Microsoft.EntityFrameworkCore.Diagnostics.DbCommandInterceptor
    {
        public int Count { get; private set; }

        public override ValueTask<Microsoft.EntityFrameworkCore.Diagnostics.InterceptionResult<System.Data.Common.DbDataReader>> ReaderExecutingAsync(
            System.Data.Common.DbCommand command, Microsoft.EntityFrameworkCore.Diagnostics.CommandEventData eventData,
            Microsoft.EntityFrameworkCore.Diagnostics.InterceptionResult<System.Data.Common.DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Count++;
            return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }
    }
}
