namespace Seamless.Fuzz;

/// <summary>A parser under fire. A new one is a class and one line in <see cref="Targets"/>; its seeds lie in <c>seeds/{name}</c>.</summary>
internal interface ITarget
{
    string Name { get; }

    /// <summary>Words of its language, to be strewn in.</summary>
    IReadOnlyList<byte[]> Words { get; }

    /// <summary>Feeds it one input. Any exception is a finding, <see cref="FindingException"/> one of our own: an answer that cannot be right.</summary>
    void Run(ReadOnlySpan<byte> input, Comparison comparison);
}

/// <summary>What of an input is compared with a reference, where there is one. The references are slow, and say no by throwing: slower still.</summary>
internal enum Comparison { Nothing, Accepted, Everything }

internal sealed class FindingException(string message) : Exception(message);

internal static class Targets
{
    public static IReadOnlyList<ITarget> All { get; } = [new PacketTarget(), new RowTarget(), new JsonTarget(), new CborTarget(), new SparkplugTarget()];
}
