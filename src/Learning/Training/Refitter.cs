using System.Globalization;
using Seamless.Learning.Models;
using Seamless.Telemetry;

namespace Seamless.Learning.Training;

/// <summary>Trains models again with what came since, and tries the result beside the active version. It never puts one in force.</summary>
public sealed class Refitter(RefitBook book, IModelRegistry models, ITrainingJobs jobs, TimeProvider time, ITrainingHistory? history = null)
{
    /// <summary>Stands where a person's name does.</summary>
    public const string Actor = "nightly-refit";

    /// <summary>Without a new failure it takes so many more rows.</summary>
    public const double LeastGrowth = 0.1;

    public Refit? Of(string name) => book.Of(name);

    /// <summary>Why this model cannot be trained again from history; null when it can.</summary>
    public static Refusal? WhatHinders(ModelInfo model, string tenant) => model.History switch
    {
        null => Refusal.Because($"{model.Id} was not trained from the platform's history: there is nothing to refit; train it from history first"),
        { Tenant: var owner } when owner != tenant => Refusal.Because($"{model.Id} was trained from the history of another tenant"),
        _ => null,
    };

    public Outcome<Refit> Switch(string id, bool isNightly, string tenant, string by)
    {
        if (models.Find(id) is not { } model) return Refusal.NotFound($"there is no model '{id}'");
        if (isNightly && WhatHinders(ActiveOf(model.Name) ?? model, tenant) is { } hindrance) return hindrance;
        var known = book.Of(model.Name) ?? new Refit(model.Name, isNightly, by, time.GetUtcNow());
        return book.Put(known with { IsNightly = isNightly, By = by, SwitchedAt = time.GetUtcNow() });
    }

    /// <summary>Looks at each model that is switched on.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var refit in book.Nightly()) await LookAsync(refit, ct);
    }

    /// <summary>A training is over: what was trained again is tried beside the active version.</summary>
    /// <returns>What came of that; null when it was no refit.</returns>
    public Outcome<ModelInfo>? Take(TrainingJob job)
    {
        if (!job.Order.IsRefit || book.Of(job.Order.Name) is not { } refit) return null;
        var outcome = job is { State: TrainingState.Done, Model: { } model } ? models.Shadow(model, Actor, "trained again with what came since") : Refusal.Because(job.Problem ?? "the training was cancelled");
        book.Put(outcome.Succeeded ? refit with { Model = job.Model, Skipped = null } : refit with { Model = job.Model ?? refit.Model, Skipped = outcome.Refusal.Reason });
        return outcome;
    }

    private async Task LookAsync(Refit refit, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var ordered = await OrderAsync(refit.Name, now, ct);
        // Switched meanwhile: what was switched stays.
        var known = (book.Of(refit.Name) ?? refit) with { LookedAt = now };
        book.Put(ordered.Succeeded ? known with { RefitAt = now, Job = ordered.Value.Id, Skipped = null } : known with { Skipped = ordered.Refusal.Reason });
    }

    private async Task<Outcome<TrainingJob>> OrderAsync(string name, DateTimeOffset now, CancellationToken ct)
    {
        if (ActiveOf(name) is not { } active) return Refusal.Because($"no version of {name} is in force");
        if (history is null || active.History is not { } origin) return Refusal.Because($"{active.Id}, which is in force, was not trained from history");
        if (models.All().FirstOrDefault(model => model.Name == name && model.IsChallenger) is { History: not { IsRefit: true } } tried) return Refusal.Because($"{tried.Id} is tried beside {active.Id}; its trial comes first");
        if (jobs.List(origin.Tenant).Any(job => job.Order.Name == name && !job.IsOver)) return Refusal.Because("it is being trained already");
        var order = OrderOf(active, origin, now);
        var read = await history.WriteAsync(origin.Tenant, order, null, null, ct);
        if (!read.Succeeded) return read.Refusal;
        return TooAlike(Latest(active), read.Value) is { } alike ? alike : jobs.Order(origin.Tenant, Actor, order);
    }

    /// <summary>Settings and seed of the version in force, on history up to now.</summary>
    private static TrainingOrder OrderOf(ModelInfo active, ModelHistory origin, DateTimeOffset now)
    {
        var order = new TrainingOrder(active.Kind, "", active.Name) { Modes = origin.Modes, Seed = active.Seed, History = origin.Order with { To = now }, IsRefit = true };
        return active.Kind is ModelFolder.Rul ? order with { Cap = Setting(active, "cap", order.Cap), Horizon = Setting(active, "horizon", order.Horizon) } : order;
    }

    private static double Setting(ModelInfo model, string name, double otherwise) =>
        model.Settings.TryGetValue(name, out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    /// <summary>What was trained again last, also when it did not come into force: the same data would give the same again.</summary>
    private ModelInfo Latest(ModelInfo active) =>
        models.All().Where(model => model.Name == active.Name && model.History is { IsRefit: true } && model.TrainedAt > active.TrainedAt).MaxBy(model => model.TrainedAt) ?? active;

    private static Refusal? TooAlike(ModelInfo latest, HistoryTable now)
    {
        var then = latest.History!.Table;
        var failures = now.Confirmed - then.Confirmed;
        var growth = then.Settled == 0 ? double.PositiveInfinity : now.Settled / (double)then.Settled - 1;
        return failures > 0 || growth >= LeastGrowth
            ? null
            : Refusal.Because(string.Create(CultureInfo.InvariantCulture, $"since {latest.Id} there is no new confirmed failure, and {Math.Max(0, growth):P0} more rows; it takes one, or {LeastGrowth:P0}"));
    }

    private ModelInfo? ActiveOf(string name) => models.All().FirstOrDefault(model => model.Name == name && model.Status is "active");
}
