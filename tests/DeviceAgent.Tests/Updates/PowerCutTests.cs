using Seamless.DeviceAgent.Sensing;
using Seamless.DeviceAgent.Updates;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.DeviceAgent.Tests.Updates;

/// <summary>The power goes before or after each act on disk; what starts then knows only the disk.</summary>
public sealed class PowerCutTests : IDisposable
{
    private readonly Bench _bench = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_at_any_act_ends_with_the_new_version_or_with_the_old_one_never_with_none(bool sound)
    {
        var acts = 0;
        for (var cut = 0; ; cut++)
        {
            using var bench = new Bench();
            var power = new Power(cut);
            var booted = await LiveAsync(bench, power, sound);
            if (!power.WasCut)
            {
                acts = cut;
                break;
            }
            // Nothing is left half: a good slot runs, the memory has an end, and the trial is over.
            var pointer = bench.Slots.Pointer;
            Assert.Null(pointer.Trial);
            Assert.Equal(booted, pointer.Current);
            Assert.True(File.Exists(Path.Combine(bench.Slots.FolderOf(booted), bench.Slots.ReleaseIn(booted)!.Entry)));
            Assert.Contains(bench.Memory.Phase, (UpdatePhase[])[UpdatePhase.Idle, UpdatePhase.Committed, UpdatePhase.RolledBack]);
            if (bench.Memory.Phase is UpdatePhase.Committed) Assert.Equal("version 2", File.ReadAllText(Path.Combine(bench.Slots.FolderOf(booted), "run")));
            if (!sound) Assert.Equal("A", booted);
            if (bench.Memory.Phase is UpdatePhase.RolledBack) Assert.Equal("failed-before", bench.Boot(booted).Take(bench.Offer(counter: 2)).Refusal?.Code);
        }
        Assert.InRange(acts, 20, 200);
        TestContext.Current.TestOutputHelper?.WriteLine($"{acts} cuts");
    }

    [Fact]
    public void A_second_start_before_the_commit_goes_back_to_the_old_slot()
    {
        var (slot, once) = new Pointer("A", "B").Boot();
        Assert.Equal("B", slot);
        var (again, given) = once.Boot();
        Assert.Equal(("A", "A", null), (again, given.Current, given.Trial));
        Assert.NotNull(given.Failure);
    }

    [Fact]
    public async Task A_download_goes_on_where_it_was_cut_off()
    {
        var platform = new Platform(_bench.Payload) { BreaksAfter = 64 };
        Assert.True(_bench.Boot(payloads: _bench.Source(platform)).Take(_bench.Offer()).Succeeded);
        while (_bench.Memory.Phase is UpdatePhase.Downloading) await _bench.Boot(payloads: _bench.Source(platform)).StepAsync(TestContext.Current.CancellationToken);

        Assert.Equal(UpdatePhase.Verified, _bench.Memory.Phase);
        Assert.True(platform.Requests > 1);
        Assert.Equal(_bench.Payload.Length, platform.Sent);   // no byte twice
    }

    [Fact]
    public async Task It_waits_for_window_and_conditions_and_lets_go_when_the_offer_expires()
    {
        var conditions = new InstallConditions([new InstallCondition { Metric = "battery", Min = 40 }], null);
        var updater = _bench.Boot(conditions: conditions);
        updater.Take(_bench.Offer(change: a => a with { Window = new DailyWindow(23 * 60, 4 * 60) }));
        await UntilLaterAsync(updater);
        Assert.Equal("window", _bench.Memory.Code);

        _bench.Time.Advance(TimeSpan.FromHours(16));   // midnight
        await UntilLaterAsync(updater);
        Assert.Equal("battery has not been measured yet", _bench.Memory.Detail);
        conditions.Observe(new Measurement(0, [new Reading("battery", 20)]));
        await UntilLaterAsync(updater);
        Assert.Equal("battery is 20, at least 40 is needed", _bench.Memory.Detail);
        Assert.Null(_bench.Slots.ReleaseIn("B"));

        _bench.Time.Advance(TimeSpan.FromDays(7));
        await UntilLaterAsync(updater);
        Assert.Equal((UpdatePhase.Refused, "expired"), (_bench.Memory.Phase, _bench.Memory.Code));
    }

    [Fact]
    public async Task An_offer_is_let_go_until_it_is_installed_and_not_after()
    {
        var updater = _bench.Boot();
        updater.Take(_bench.Offer());
        await updater.StepAsync(TestContext.Current.CancellationToken);
        updater.Stop();
        Assert.Equal(UpdatePhase.Stopped, _bench.Memory.Phase);
        Assert.Equal(NextStep.Nothing, await updater.StepAsync(TestContext.Current.CancellationToken));

        updater.Take(_bench.Offer(counter: 2));
        while (_bench.Memory.Phase is not UpdatePhase.Installing) await updater.StepAsync(TestContext.Current.CancellationToken);
        updater.Stop();
        Assert.Equal("busy", updater.Take(_bench.Offer(_bench.Manifest(12), counter: 3)).Refusal?.Code);
        Assert.Equal(UpdatePhase.Installing, _bench.Memory.Phase);
    }

    [Fact]
    public async Task A_version_that_does_not_prove_itself_in_time_goes_back()
    {
        var old = _bench.Boot();
        old.Take(_bench.Offer());
        while (await old.StepAsync(TestContext.Current.CancellationToken) is not NextStep.Restart) { }
        var (slot, pointer) = _bench.Slots.Pointer.Boot();
        new Slots(_bench.Slots.Root).Pointer = pointer;
        var tried = _bench.Boot(slot);
        Assert.Equal(NextStep.Later, await tried.StepAsync(TestContext.Current.CancellationToken));
        _bench.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(NextStep.Restart, await tried.StepAsync(TestContext.Current.CancellationToken));
        Assert.Equal("A", _bench.Slots.Pointer.Boot().Slot);
        var report = _bench.Boot().Report().State.Update!;
        Assert.Equal((UpdatePhase.RolledBack, "1.0.0"), (report.Phase, report.Version));
        Assert.Contains("10 min", report.Detail, StringComparison.Ordinal);
    }

    public void Dispose() => _bench.Dispose();

    private static async Task UntilLaterAsync(Updater updater)
    {
        NextStep next;
        do next = await updater.StepAsync(TestContext.Current.CancellationToken);
        while (next is NextStep.AtOnce);
    }

    /// <summary>Lives of the machine until its update has ended; the slot that runs at last.</summary>
    /// <param name="sound">Whether the new version connects and measures; one that does not ends in its first life.</param>
    private static async Task<string> LiveAsync(Bench bench, Power power, bool sound)
    {
        var offered = false;
        for (var life = 0; life < 12; life++)
        {
            try
            {
                var disk = power.Of(bench.Slots);
                var (slot, next) = disk.Pointer.Boot();
                if (next != disk.Pointer) power.Do(() => new Slots(bench.Slots.Root).Pointer = next);
                var updater = bench.Boot(slot, power.Of(bench.Store), disk, power.Of(bench.Source()));
                updater.Report();
                if (!offered && slot == "A")   // the platform sends the command again until it is answered
                {
                    updater.Take(bench.Offer());
                    offered = true;
                }
                if (slot == "A" || sound) updater.Healthy();
                if (next.Trial is not null && !sound)   // it crashes; the launcher sees it
                {
                    power.Do(() => new Slots(bench.Slots.Root).Pointer = next.GivenUp("it ended with 3"));
                    continue;
                }
                NextStep step;
                do step = await updater.StepAsync(TestContext.Current.CancellationToken);
                while (step is NextStep.AtOnce);
                if (step is NextStep.Nothing) return slot;
            }
            catch (PowerCutException)
            {
                // next life
            }
        }
        throw new InvalidOperationException($"it came to no end: {bench.Memory}");
    }
}

internal sealed class PowerCutException : Exception;

/// <summary>Goes off once, before or after the act with the given number.</summary>
internal sealed class Power(int cutAt)
{
    private int _acts;

    public bool WasCut { get; private set; }

    public void Do(Action act) => Do(() => { act(); return true; });

    public T Do<T>(Func<T> act)
    {
        Pass();
        var result = act();
        Pass();
        return result;
    }

    public IUpdateStore Of(IUpdateStore store) => new CutStore(store, this);
    public ISlots Of(ISlots slots) => new CutSlots(slots, this);
    public IPayloadSource Of(IPayloadSource payloads) => new CutPayloads(payloads, this);

    private void Pass()
    {
        if (WasCut || _acts++ < cutAt) return;
        WasCut = true;
        throw new PowerCutException();
    }

    private sealed class CutStore(IUpdateStore store, Power power) : IUpdateStore
    {
        public UpdateMemory? Load() => store.Load();
        public void Save(UpdateMemory memory) => power.Do(() => store.Save(memory));
    }

    private sealed class CutSlots(ISlots slots, Power power) : ISlots
    {
        public Pointer Pointer => slots.Pointer;
        public Release? ReleaseIn(string slot) => slots.ReleaseIn(slot);
        public Outcome<string> Install(string payload, Release release, long mostBytes) => power.Do(() => slots.Install(payload, release, mostBytes));
        public void Try(string slot) => power.Do(() => slots.Try(slot));
        public void Commit() => power.Do(slots.Commit);
        public void GiveUp(string why) => power.Do(() => slots.GiveUp(why));
    }

    private sealed class CutPayloads(IPayloadSource payloads, Power power) : IPayloadSource
    {
        public async Task<Outcome<string>?> FetchAsync(ReleaseManifest release, string manifest, Action<int> progress, CancellationToken ct)
        {
            power.Pass();
            var fetched = await payloads.FetchAsync(release, manifest, progress, ct);
            power.Pass();
            return fetched;
        }

        public void Forget() => power.Do(payloads.Forget);
    }
}
