namespace Seamless.Rules.Packs.Expressions;

/// <summary>What is wrong in an expression.</summary>
/// <param name="at">Index of the character in the text.</param>
internal sealed class ExpressionProblem(int at, string message, string? suggestion) : Exception(message)
{
    public int At { get; } = at;
    public string? Suggestion { get; } = suggestion;
}
