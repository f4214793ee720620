using Microsoft.Extensions.Logging;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.DeviceAgent.Updates;

/// <param name="Probation">How long a new version has to connect and to have a sample acknowledged.</param>
/// <param name="RetryEvery">How often is tried again what could not be done: the platform not reached, a condition not met.</param>
public sealed record UpdaterOptions(TimeSpan Probation, TimeSpan RetryEvery);

/// <summary>What the step leaves to do: the next one at once, one later, nothing until an offer comes, or a start of the slot on trial.</summary>
public enum NextStep : byte { AtOnce, Later, Nothing, Restart }

/// <summary>Takes an offer through its phases, each written down before its act, so that a power cut anywhere costs at most one act done again.</summary>
/// <remarks>Downloading → Verified → Waiting → Installing → Restarting → (the new version runs) Probation → Committed, or RolledBack. Docs: docs/reference/updates.md.</remarks>
/// <param name="slot">The slot this program was started from.</param>
public sealed partial class Updater(
    UpdateTarget target, TrustedKeys firstKeys, IUpdateStore store, ISlots slots, string slot, IPayloadSource payloads, InstallConditions conditions,
    UpdaterOptions options, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Release _running = slots.ReleaseIn(slot) ?? new Release(Agent.Version, 0, "", "");
    private readonly long _startedAt = time.GetTimestamp();
    private UpdateMemory? _memory;
    private volatile bool _healthy;
    private int _progress;

    /// <summary>Something worth reporting has changed.</summary>
    public event Action? Changed;

    public Release Running => _running;

    private UpdateMemory Memory => _memory ??= Resume();

    /// <summary>An offer came. It is on disk when this returns.</summary>
    public Outcome<string> Take(UpdateOffer offer)
    {
        lock (_gate)
        {
            if (Memory.Offer is { } inHand && inHand.Assignment.Hash == offer.Assignment.Hash && Memory.Phase is not (UpdatePhase.Idle or UpdatePhase.Stopped)) return $"it is in hand: {Memory.Phase}";
            if (Memory.Phase is UpdatePhase.Installing or UpdatePhase.Restarting or UpdatePhase.Probation) return new Refusal("busy", $"another release is being installed: {Memory.Phase}");
            var accepted = OfferCheck.Check(offer, Memory, target, _running, time.GetUtcNow());
            if (!accepted.Succeeded) return accepted.Refusal;
            _progress = 0;
            Save(Memory.With(UpdatePhase.Downloading) with
            {
                Offer = offer, Keys = accepted.Value.Keys, Counter = accepted.Value.Assignment.Counter,
                TimeFloor = OfferCheck.Latest(Memory.TimeFloor, accepted.Value.Assignment.IssuedAt),
            });
            return $"version {accepted.Value.Release.Version} is being fetched";
        }
    }

    /// <summary>Lets go of what is not being installed yet.</summary>
    public Outcome<string> Stop()
    {
        lock (_gate)
        {
            if (Memory.Phase is not (UpdatePhase.Downloading or UpdatePhase.Verified or UpdatePhase.Waiting)) return $"nothing to stop: {Memory.Phase}";
            Save(Memory.With(UpdatePhase.Stopped, "stopped", "the platform took the offer back"));
            return "the offer was let go";
        }
    }

    /// <summary>This program has connected and the platform has acknowledged a sample: what a new version has to show.</summary>
    public void Healthy()
    {
        if (_healthy) return;
        _healthy = true;
        Changed?.Invoke();
    }

    public ReportedShadow Report()
    {
        lock (_gate)
        {
            var memory = Memory;
            var report = new UpdateReport(
                _running.Version, _running.ReleaseCounter, memory.Phase, memory.Offer?.Release.Hash, memory.Counter, memory.Phase is UpdatePhase.Downloading ? _progress : 100, memory.Code, memory.Detail, memory.Keys.Version);
            return new ReportedShadow(memory.Reports, new ReportedState(report));
        }
    }

    /// <summary>Does what is next.</summary>
    public async Task<NextStep> StepAsync(CancellationToken ct)
    {
        UpdateMemory memory;
        lock (_gate) memory = Memory;
        return memory.Phase switch
        {
            UpdatePhase.Downloading => await FetchAsync(memory, ct),
            UpdatePhase.Verified => Move(memory, memory.With(UpdatePhase.Waiting)),
            UpdatePhase.Waiting => Wait(memory),
            UpdatePhase.Installing => Install(memory),
            UpdatePhase.Restarting => Restart(),
            UpdatePhase.Probation => Prove(memory),
            _ => CleanUp(),
        };
    }

    /// <summary>Where the machine stands after a start: the pointer says what the memory, written before the act, could not know.</summary>
    private UpdateMemory Resume()
    {
        var memory = store.Load() ?? UpdateMemory.First(firstKeys) with { Reports = time.GetUtcNow().ToUnixTimeMilliseconds() };   // above whatever an earlier life of this folder has reported
        if (firstKeys.Version > memory.Keys.Version) memory = memory with { Keys = firstKeys };   // someone at the machine has put newer ones there
        _memory = memory;
        if (memory.Phase is not (UpdatePhase.Restarting or UpdatePhase.Probation)) return memory;
        var pointer = slots.Pointer;
        if (pointer.Trial == slot && pointer.Boots > 0) Save(memory.With(UpdatePhase.Probation));
        else if (pointer.Failure is { } failure) Save(RolledBack(memory, failure));
        else if (pointer.Trial is null && _running.Manifest == memory.Offer?.Release.Hash) Save(memory.With(UpdatePhase.Committed));
        return _memory;
    }

    private static UpdateMemory RolledBack(UpdateMemory memory, string why) => memory.With(UpdatePhase.RolledBack, "rolled-back", why) with
    {
        Failed = memory.Offer is { } offer ? [.. memory.Failed.Append(offer.Release.Hash).TakeLast(UpdateMemory.MostFailed)] : memory.Failed,
    };

    private async Task<NextStep> FetchAsync(UpdateMemory memory, CancellationToken ct)
    {
        if (Late(memory) is { } late) return End(memory, late);
        var fetched = await payloads.FetchAsync(memory.Release()!, memory.Offer!.Release.Hash, Progress, ct);   // a phase with an offer in hand
        return fetched switch
        {
            null => NextStep.Later,
            { Succeeded: true } => Move(memory, memory.With(UpdatePhase.Verified)),
            { } refused => End(memory, refused.Refusal!),
        };
    }

    private NextStep Wait(UpdateMemory memory)
    {
        if (Late(memory) is { } late) return End(memory, late);
        if (conditions.WhyNot(memory.Assignment()!.Window, time.GetUtcNow()) is not { } why) return Move(memory, memory.With(UpdatePhase.Installing));
        if (memory.Detail != why.Reason) Move(memory, memory.With(UpdatePhase.Waiting, why.Code, why.Reason));
        return NextStep.Later;
    }

    private NextStep Install(UpdateMemory memory)
    {
        if (Late(memory) is { } late) return End(memory, late);
        var release = memory.Release()!;
        // The file lay on disk since it was verified, perhaps for days: it is verified again where it is used.
        var payload = payloads.FetchAsync(release, memory.Offer!.Release.Hash, static _ => { }, CancellationToken.None).GetAwaiter().GetResult();
        if (payload is null) return Move(memory, memory.With(UpdatePhase.Downloading));
        if (!payload.Value.Succeeded) return End(memory, payload.Value.Refusal);
        var installed = slots.Install(payload.Value.Value, new Release(release.Version, release.ReleaseCounter, memory.Offer.Release.Hash, release.Entry), release.UnpackedSize);
        return installed.Succeeded ? Move(memory, memory.With(UpdatePhase.Restarting)) : End(memory, installed.Refusal);
    }

    private NextStep Restart()
    {
        if (slots.Pointer.Trial is null) slots.Try(slots.Pointer.Current == "A" ? "B" : "A");
        return NextStep.Restart;
    }

    private NextStep Prove(UpdateMemory memory)
    {
        if (_healthy)
        {
            slots.Commit();
            return Move(memory, memory.With(UpdatePhase.Committed));
        }
        if (time.GetElapsedTime(_startedAt) < options.Probation) return NextStep.Later;
        slots.GiveUp($"it did not connect and deliver a sample within {options.Probation.TotalMinutes:0.#} min");
        return NextStep.Restart;
    }

    private NextStep CleanUp()
    {
        payloads.Forget();
        return NextStep.Nothing;
    }

    private Refusal? Late(UpdateMemory memory) =>
        OfferCheck.Expired(new AcceptedOffer(memory.Assignment()!, memory.Release()!, "", memory.Keys), OfferCheck.Latest(time.GetUtcNow(), memory.TimeFloor));

    private NextStep End(UpdateMemory memory, Refusal refusal) => Move(memory, memory.With(UpdatePhase.Refused, refusal.Code, refusal.Reason));

    /// <summary>Unless an offer or a stop came in between: then that counts.</summary>
    private NextStep Move(UpdateMemory from, UpdateMemory to)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_memory, from)) return NextStep.AtOnce;
            Save(to);
        }
        return NextStep.AtOnce;
    }

    private void Save(UpdateMemory memory)
    {
        memory = memory with { Reports = memory.Reports + 1 };
        store.Save(memory);
        _memory = memory;
        LogPhase(logger, memory.Phase, memory.Release()?.Version ?? "", memory.Detail ?? "");
        Changed?.Invoke();
    }

    private void Progress(int percent)
    {
        if (percent / 10 == _progress / 10) return;
        _progress = percent;
        Changed?.Invoke();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "update: {Phase} {Version} {Detail}")]
    private static partial void LogPhase(ILogger logger, UpdatePhase phase, string version, string detail);
}
