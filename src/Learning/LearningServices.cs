using Microsoft.Extensions.DependencyInjection;
using Seamless.Learning.Models;

namespace Seamless.Learning;

/// <summary>Where the models lie.</summary>
public sealed class LearningOptions
{
    /// <summary>Usually <c>{data}/models</c>. It need not exist yet.</summary>
    public string Directory { get; set; } = "";
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
        services.AddSingleton<IModels, ModelDirectory>();
        return services;
    }
}
