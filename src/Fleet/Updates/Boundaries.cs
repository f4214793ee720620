using Seamless.Telemetry;

namespace Seamless.Fleet.Updates;

/// <summary>Whether the platform may act by itself at all: the emergency stop, which another room keeps.</summary>
public interface IUpdateGate
{
    /// <summary>Null when it may.</summary>
    Task<string?> WhyClosedAsync(string tenant, CancellationToken ct);
}

internal sealed class OpenGate : IUpdateGate
{
    public Task<string?> WhyClosedAsync(string tenant, CancellationToken ct) => Task.FromResult<string?>(null);
}

/// <summary>A device and the time in which it is looked at.</summary>
public readonly record struct Observation(DeviceKey Device, DateTimeOffset From, DateTimeOffset To)
{
    public double Hours => Math.Max(0, (To - From).TotalHours);
}

/// <summary>What went wrong in the field, counted where it is known: alarms, gaps.</summary>
public interface IFieldFigures
{
    /// <returns>For each observation, how often each kind came; every kind in each of them.</returns>
    Task<IReadOnlyList<IReadOnlyDictionary<string, int>>> CountAsync(IReadOnlyList<Observation> observations, CancellationToken ct);
}

internal sealed class NoFigures : IFieldFigures
{
    public Task<IReadOnlyList<IReadOnlyDictionary<string, int>>> CountAsync(IReadOnlyList<Observation> observations, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<IReadOnlyDictionary<string, int>>>([.. observations.Select(_ => new Dictionary<string, int>())]);
}
