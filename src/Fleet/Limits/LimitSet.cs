namespace Seamless.Fleet.Limits;

/// <summary>What can be limited.</summary>
public enum LimitKind { MessagesPerSecond, BytesPerDay, Metrics, Devices }

/// <summary>Whom a limit is for: one device, or a tenant as a whole.</summary>
/// <param name="Device">Null for the tenant.</param>
public readonly record struct LimitScope(string Tenant, string? Device)
{
    public override string ToString() => Device is null ? $"tenant {Tenant}" : $"device {Tenant}/{Device}";
}

/// <summary>Limits as someone sets them: what is null follows the setting above it.</summary>
/// <param name="Burst">Messages that may come at once after a pause; ten seconds' worth when not given.</param>
/// <param name="BytesPerDay">Payload bytes a UTC day.</param>
/// <param name="Metrics">Different metric names.</param>
/// <param name="Devices">Registered devices; of a tenant alone.</param>
public sealed record LimitSet(Cap? MessagesPerSecond = null, Cap? Burst = null, Cap? BytesPerDay = null, Cap? Metrics = null, Cap? Devices = null)
{
    private const long UsualBurstSeconds = 10;

    public static LimitSet Unlimited { get; } = new(Cap.None, Cap.None, Cap.None, Cap.None);

    public bool IsEmpty => this == new LimitSet();

    /// <summary>These limits where they say something, otherwise <paramref name="usual"/>.</summary>
    public Allowance Over(LimitSet usual)
    {
        var rate = MessagesPerSecond ?? usual.MessagesPerSecond ?? Cap.None;
        // The usual burst belongs to the usual rate.
        var burst = Burst ?? (MessagesPerSecond is null ? usual.Burst : null) ?? BurstOf(rate);
        return new Allowance(rate, burst, BytesPerDay ?? usual.BytesPerDay ?? Cap.None, Metrics ?? usual.Metrics ?? Cap.None) { Devices = Devices ?? usual.Devices ?? Cap.None };
    }

    private static Cap BurstOf(Cap rate) => rate.Max > long.MaxValue / UsualBurstSeconds ? Cap.None : new Cap(rate.Max * UsualBurstSeconds);

    public override string ToString() => string.Join(", ", new[]
    {
        Say("messagesPerSecond", MessagesPerSecond), Say("burst", Burst), Say("bytesPerDay", BytesPerDay), Say("metrics", Metrics), Say("devices", Devices),
    }.Where(part => part is not null));

    private static string? Say(string name, Cap? cap) => cap is { } said ? $"{name} {said}" : null;
}

/// <summary>The limits in force.</summary>
public sealed record Allowance(Cap MessagesPerSecond, Cap Burst, Cap BytesPerDay, Cap Metrics)
{
    /// <summary>Registered devices, of a tenant. Asked when one is added, not with messages.</summary>
    public Cap Devices { get; init; } = Cap.None;

    /// <summary>Whether no message can meet a limit.</summary>
    public bool IsUnlimited => MessagesPerSecond.IsNone && BytesPerDay.IsNone && Metrics.IsNone;
}

/// <summary>Section <c>limits</c> of <c>seamless.yaml</c>: what holds for whom nobody has set anything of their own.</summary>
public sealed class LimitOptions
{
    /// <summary>Far beyond what a machine sends in health, also while it catches up after a night without network.</summary>
    public LimitSet Device { get; set; } = new(new Cap(1_000), null, new Cap(10_000_000_000), new Cap(2_000));

    public LimitSet Tenant { get; set; } = LimitSet.Unlimited;
}
