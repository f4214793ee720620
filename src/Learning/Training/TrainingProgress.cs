namespace Seamless.Learning.Training;

/// <summary>What a training does at the moment, in the order in which it does it.</summary>
public enum TrainingStage : byte { History, Reading, Fold, Final, Writing }

/// <summary>How far a training is.</summary>
/// <param name="Share">Of the work that is done, 0 to 1.</param>
/// <param name="Fold">While folds are trained: which one, from 1, of <paramref name="Folds"/>. While history is read: devices that were read, of all.</param>
public readonly record struct TrainingProgress(TrainingStage Stage, double Share, int Fold = 0, int Folds = 0)
{
    /// <summary>Of all that trains, what is left for the final model: it has so many bags, a fold has one.</summary>
    internal static TrainingProgress OfFold(int fold, int folds, int finalBags) => new(TrainingStage.Fold, fold / (double)(folds + finalBags), fold + 1, folds);

    internal static TrainingProgress OfFinal(int folds, int finalBags) => new(TrainingStage.Final, folds / (double)(folds + finalBags));

    public override string ToString() => Stage switch
    {
        TrainingStage.History => $"reading history: {Fold} of {Folds} devices",
        TrainingStage.Reading => "reading the file",
        TrainingStage.Fold => $"fold {Fold} of {Folds}",
        TrainingStage.Final => "training on all rows",
        _ => "writing the model",
    };
}
