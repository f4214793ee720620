using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Seamless.Fleet.Commands;
using Seamless.Rules.Alarms;
using Seamless.Rules.Diagnosis;

namespace Seamless.ServiceDesk.Tests.Remedies;

/// <summary>A process that dies before or after any of its saves, and the one that starts in its place, end where an undisturbed one ends.</summary>
public sealed class CrashTests
{
    private const int Beats = 40;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_at_any_save_changes_nothing_in_the_end(bool afterTheSave)
    {
        var (undisturbed, saves) = await LiveAsync(int.MaxValue, afterTheSave);
        Assert.Contains("T-1001", undisturbed, StringComparison.Ordinal);
        Assert.True(saves > 8, $"only {saves} saves: the story is too short to prove anything");
        for (var crash = 1; crash <= saves; crash++)
            Assert.Equal(undisturbed, (await LiveAsync(crash, afterTheSave)).State);
    }

    private static async Task<(string State, int Saves)> LiveAsync(int crashAt, bool afterTheSave)
    {
        var fuse = new Fuse(crashAt, afterTheSave);
        await using var house = await House.OpenAsync(interceptor: fuse);
        house.Add("pump-1");
        house.Add("pump-2");
        House? successor = null;
        var living = house;
        Alarm? remote = null;
        for (var beat = 0; beat < Beats; beat++)
        {
            if (beat == 1)
            {
                remote = house.Alarms.Raise("pump-1", house.Now, "strainer-clogged");
                house.Alarms.Raise("pump-2", house.Now, "bearing-wear", others: MemoryAlarms.Cause("strainer-clogged", FaultClass.HW, 0.2));
            }
            if (beat == 3)
            {
                house.Commands.Answer("pump-1", CommandState.Succeeded);
                house.Commands.Answer("pump-2", CommandState.Failed, "no water");
            }
            if (beat == 5) house.Alarms.Clear(remote!, house.Now);
            try
            {
                await living.BeatAsync();
            }
            catch (Exception) when (fuse.Blown && successor is null)
            {
                living = successor = house.Another();
                await living.BeatAsync();   // the same instant: what was done is not done again
            }
            house.Clock.Advance(Step);
        }
        var state = await StateAsync(living);
        if (successor is not null) await successor.DisposeAsync();
        return (state, fuse.Saves);
    }

    /// <summary>All that the desk holds, but the row numbers and the random tracking code.</summary>
    private static async Task<string> StateAsync(House house)
    {
        await using var db = await house.Contexts.CreateDbContextAsync();
        var lines = new List<string>();
        lines.AddRange((await db.Followers.ToListAsync()).Select(f => $"follower {f.Position}"));
        lines.AddRange((await db.Cases.OrderBy(c => c.AlarmId).ToListAsync()).Select(c => $"case {c.AlarmId} {c.Phase} {c.Step} {c.Outcome} {c.Ticket} {c.DueAt:O}"));
        lines.AddRange((await db.RemedyRuns.OrderBy(r => r.AlarmId).ThenBy(r => r.Step).ToListAsync()).Select(r => $"run {r.AlarmId} {r.Step} {r.Playbook} {r.State} {r.Outcome} {r.CommandId} {r.EndedAt:O}"));
        lines.AddRange((await db.Tickets.OrderBy(t => t.Number).ToListAsync()).Select(t => $"ticket {t.Number} {t.Key} {t.Status} {t.Visit} {t.Marks} {t.EscalationLevel} {t.DueAt:O}"));
        lines.AddRange((await db.Timeline.OrderBy(t => t.Id).ToListAsync()).Select(t => $"line {t.Ticket} {t.At:O} {t.Kind} {t.Text.En}"));
        lines.AddRange((await db.Units.OrderBy(u => u.Serial).ToListAsync()).Select(u => $"unit {u.Serial} {u.Place} {u.State}"));
        lines.AddRange((await db.UnitMoves.OrderBy(m => m.Id).ToListAsync()).Select(m => $"move {m.Serial} {m.At:O} {m.Kind}"));
        lines.AddRange((await db.Shipments.OrderBy(s => s.Id).ToListAsync()).Select(s => $"shipment {s.Id} {s.State} {s.Eta:O}"));
        lines.AddRange((await db.Events.OrderBy(e => e.Key).ToListAsync()).Select(e => $"event {e.Key} {e.At:O} {e.Value.ToString(CultureInfo.InvariantCulture)}"));
        lines.AddRange(house.Commands.All.Select(c => $"command {c.Device} {c.IdempotencyKey} {c.CreatedAt:O}"));
        return string.Join('\n', lines);
    }

    private sealed class Fuse(int at, bool afterTheSave) : SaveChangesInterceptor
    {
        public int Saves { get; private set; }
        public bool Blown { get; private set; }

        public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (++Saves == at && !afterTheSave) Blow();
            return ValueTask.FromResult(result);
        }

        public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            if (Saves == at && afterTheSave) Blow();
            return ValueTask.FromResult(result);
        }

        private void Blow()
        {
            Blown = true;
            throw new InvalidOperationException("the power went");
        }
    }
}
