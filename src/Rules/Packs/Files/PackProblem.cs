namespace Seamless.Rules.Packs.Files;

/// <summary>What is wrong in a pack, where, and what would be right.</summary>
/// <param name="File">Relative to the pack's folder.</param>
/// <param name="Line">From 1; 1 when it concerns the whole file.</param>
public sealed record PackProblem(string File, int Line, int Column, string Message, string? Suggestion)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}{(Suggestion is null ? "" : $" ({Suggestion})")}";
}

/// <summary>A pack that cannot be used: the platform does not start with it.</summary>
public sealed class BrokenPackException : Exception
{
    public BrokenPackException(string directory, IReadOnlyList<PackProblem> problems)
        : base($"The equipment pack {directory} cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, problems.Select(p => $"  {p}"))}") =>
        Problems = problems;

    public BrokenPackException(string message) : base(message) => Problems = [];
    public BrokenPackException(string message, Exception inner) : base(message, inner) => Problems = [];
    public BrokenPackException() => Problems = [];

    public IReadOnlyList<PackProblem> Problems { get; }
}
