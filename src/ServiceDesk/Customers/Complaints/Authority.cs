namespace Seamless.ServiceDesk.Customers.Complaints;

/// <summary>R0 read, R1 reversible, R2 service interruption, R3 irreversible.</summary>
public enum CommandRisk : byte { R0, R1, R2, R3 }

/// <summary>One thing that a customer may choose.</summary>
/// <param name="Text">What the customer reads.</param>
/// <param name="Money">Paid or let off, in the currency of the policy.</param>
/// <param name="GoodwillPart">A part without charge.</param>
/// <param name="Swap">Another machine in place of theirs.</param>
/// <param name="Command">The riskiest remote command it takes; null without one.</param>
public sealed record Alternative(string Text, decimal Money = 0, bool GoodwillPart = false, bool Swap = false, CommandRisk? Command = null);

/// <summary>What somebody may promise without asking.</summary>
/// <param name="Money">At most, for each alternative.</param>
/// <param name="Command">The riskiest remote command; null for none.</param>
public sealed record AuthorityLimit(decimal Money, bool GoodwillPart, bool Swap, CommandRisk? Command)
{
    public static readonly AuthorityLimit None = new(0, false, false, null);

    public bool Covers(Alternative offered) =>
        offered.Money <= Money && (GoodwillPart || !offered.GoodwillPart) && (Swap || !offered.Swap)
        && (offered.Command is not { } command || Command is { } most && command <= most);

    public bool Covers(IEnumerable<Alternative> offered) => offered.All(Covers);
}
