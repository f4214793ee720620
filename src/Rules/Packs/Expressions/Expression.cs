using Seamless.Analytics.Evaluation;

namespace Seamless.Rules.Packs.Expressions;

/// <summary>An expression over a pack's metrics, read and checked.</summary>
/// <param name="Unit">What its number is in; null for a bare number that takes the unit of what it meets, and for truth.</param>
internal abstract record Expression(Unit? Unit)
{
    /// <summary>Whether it is true or false rather than a number.</summary>
    public virtual bool IsTruth => false;

    /// <summary>Whether any part of it comes from the machine's peers.</summary>
    public virtual bool LooksAtPeers => false;
}

internal sealed record NumberExpression(double Value, Unit? Unit) : Expression(Unit);

/// <param name="Slot">The metric's place in the pack.</param>
internal sealed record MetricExpression(int Slot, MetricDefinition Metric, Unit? Unit) : Expression(Unit)
{
    public override bool IsTruth => Metric.Type is MetricType.Boolean;
}

internal sealed record UnaryExpression(StepKind Kind, Expression Of, Unit? Unit) : Expression(Unit)
{
    public override bool LooksAtPeers => Of.LooksAtPeers;
    public override bool IsTruth => Kind is StepKind.Not;
}

internal sealed record BinaryExpression(StepKind Kind, Expression Left, Expression Right, Unit? Unit) : Expression(Unit)
{
    public override bool LooksAtPeers => Left.LooksAtPeers || Right.LooksAtPeers;
    public override bool IsTruth => Kind is >= StepKind.Less and <= StepKind.Or || (Kind is StepKind.Given && Left.IsTruth);
}

/// <summary>A state metric compared with one of its words.</summary>
internal sealed record WordExpression(MetricExpression Metric, string Word, bool Equal) : Expression(Unit: null)
{
    public override bool IsTruth => true;
}

/// <summary>A signal with a memory: a window, a rate, how long unchanged; or one of the machine's peers.</summary>
internal sealed record SignalExpression(SignalKind Kind, Expression Of, TimeSpan Length, double Parameter, Unit? Unit) : Expression(Unit)
{
    public override bool LooksAtPeers => Kind is SignalKind.Peers or SignalKind.PeerSpread || Of.LooksAtPeers;
}
