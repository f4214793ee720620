using Microsoft.Extensions.DependencyInjection;
using Seamless.Learning.Live;
using Seamless.Learning.Models;
using Seamless.Learning.Onnx;
using Seamless.Learning.Training;
using Seamless.Learning.Trials;

namespace Seamless.Learning;

/// <summary>Where the models lie.</summary>
public sealed class LearningOptions
{
    /// <summary>Usually <c>{data}/models</c>. It need not exist yet.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Where tables to learn from and the list of trainings lie; beside the models when not given.</summary>
    public string? TrainingDirectory { get; set; }

    /// <summary>Largest table to learn from, unpacked: all of it is held in memory while it is learned from, several times over.</summary>
    public long MaxFileBytes { get; set; } = 64L << 20;

    /// <summary>PEM file of the public keys (ECDSA P-256) whose holders' models are imported; none are when it is not given.</summary>
    public string? TrustedKeys { get; set; }

    internal string TrainingFolder => TrainingDirectory ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Directory)) ?? Directory, "training");
}

public static class LearningServices
{
    /// <exception cref="ArgumentException">No directory was given.</exception>
    public static IServiceCollection AddLearning(this IServiceCollection services, Action<LearningOptions> configure)
    {
        var options = new LearningOptions();
        configure(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Directory, nameof(LearningOptions.Directory));
        services.AddSingleton(options);
        services.AddSingleton<LatestVerdicts>();
        services.AddSingleton<InputDrift>();
        services.AddSingleton<TrialBook>();
        services.AddSingleton<ModelSignature>();
        services.AddSingleton<IModelExchange, ModelExchange>();
        services.AddSingleton<IModelRegistry, ModelDirectory>();
        services.AddSingleton<IModels>(provider => provider.GetRequiredService<IModelRegistry>());
        services.AddSingleton<ITrainingFiles, TrainingFiles>();
        services.AddSingleton<ITrainingJobs, TrainingJobs>();
        services.AddSingleton<RefitBook>();
        services.AddSingleton<Refitter>();
        return services;
    }
}
