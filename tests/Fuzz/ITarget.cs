namespace Seamless.Fuzz;

/// <summary>A parser under fire. A new one is a class and one line in <see cref="Targets"/>; its seeds lie in <c>seeds/{name}</c>.</summary>
internal interface ITarget
{
    string Name { get; }

    /// <summary>Words of its language, to be strewn in.</summary>
    IReadOnlyList<byte[]> Words { get; }

    /// <summary>Feeds it one input. Any exception is a finding, <see cref="FindingException"/> one of our own: an answer that cannot be right.</summary>
    /// <param name="compareRefused">Also compare what it refuses with the reference, which says no by throwing and so slowly: done for some inputs only.</param>
    void Run(ReadOnlySpan<byte> input, bool compareRefused);
}

internal sealed class FindingException(string message) : Exception(message);

internal static class Targets
{
    public static IReadOnlyList<ITarget> All { get; } = [new JsonTarget(), new CborTarget(), new SparkplugTarget()];
}
