using Quartz;
using Seamless.Learning;
using Seamless.Learning.Trials;
using Seamless.Rules.Backtests;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Portal.Training;

/// <summary>Tells the trials of challengers which failures were confirmed, by closed tickets and engineers' verdicts, and keeps what they have seen.</summary>
internal sealed partial class TrialJob(IModels models, TrialBook trials, IPacks packs, IEnumerable<IConfirmedOutcomes> outcomes, TimeProvider time, ILogger<TrialJob> logger) : IJob
{
    public const string Name = "model-trials";
    public const string EveryFiveMinutes = "40 0/5 * * * ?";

    /// <summary>A failure that was noticed before a challenger came may be over, and confirmed, while it is tried.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromDays(7);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await ConfirmAsync(cancellationToken);

    internal async Task ConfirmAsync(CancellationToken ct)
    {
        foreach (var challenger in models.All().Where(model => model.IsChallenger))
            if (trials.Of(challenger) is { } trial) await ConfirmAsync(trial, ct);
        trials.Save();
    }

    private async Task ConfirmAsync(TrialReport trial, CancellationToken ct)
    {
        var tenants = trials.MachinesOf(trial.Name).Select(device => device.Split('/')[0]).Distinct().ToList();
        foreach (var pack in packs.All)
        {
            // Only what this model is to foresee: a failure that shows the symptom of a rule that asks it.
            var symptoms = pack.Rules.Where(rule => rule.Model == trial.Name).Select(rule => rule.Symptom).ToHashSet(StringComparer.Ordinal);
            if (symptoms.Count == 0) continue;
            foreach (var tenant in tenants)
                foreach (var source in outcomes)
                    foreach (var outcome in await source.ListAsync(tenant, pack, trial.Since - Before, time.GetUtcNow(), ct))
                        if (outcome.Verdict is OutcomeVerdict.True && symptoms.Overlaps(outcome.Symptoms)) Confirm(trial, $"{tenant}/{outcome.Device}", outcome);
        }
    }

    private void Confirm(TrialReport trial, string device, ConfirmedOutcome outcome)
    {
        if (trials.Confirm(trial.Name, device, outcome.FailedAt, outcome.To)) Confirmed(trial.Name, device, outcome.FailedAt);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Trial of {Name}: the failure of {Device} at {At} is confirmed")]
    private partial void Confirmed(string name, string device, DateTimeOffset at);
}
