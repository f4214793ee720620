using System.Diagnostics.CodeAnalysis;

namespace Seamless.Telemetry;

/// <summary>Why a request was refused, in words for the one who asked.</summary>
/// <param name="Code">Stable, kebab-case, for programs: <c>not-found</c>, <c>conflict</c>, <c>invalid</c>, <c>forbidden</c>, <c>refused</c>.</param>
public sealed record Refusal(string Code, string Reason)
{
    public const string DeviceLimitCode = "device-limit";

    /// <summary>Which reason it is, stable and kebab-case, for whoever says it in another language: <c>ticket-not-now</c>. Null where only programs meet it.</summary>
    public string? Why { get; init; }

    /// <summary>What the reason's sentence names, in its order.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    public static Refusal Because(string reason) => new("refused", reason);
    public static Refusal NotFound(string reason) => new("not-found", reason);
    public static Refusal Conflict(string reason) => new("conflict", reason);
    public static Refusal Invalid(string reason) => new("invalid", reason);
    public static Refusal DeviceLimit(string reason) => new(DeviceLimitCode, reason);
    public static Refusal Forbidden(string reason) => new("forbidden", reason);

    public static Refusal Because(string why, RefusalWords words) => words.As("refused", why);
    public static Refusal NotFound(string why, RefusalWords words) => words.As("not-found", why);
    public static Refusal Conflict(string why, RefusalWords words) => words.As("conflict", why);
    public static Refusal Invalid(string why, RefusalWords words) => words.As("invalid", why);
    public static Refusal Forbidden(string why, RefusalWords words) => words.As("forbidden", why);

    public static Refusal Because(string why, string reason) => Because(reason) with { Why = why };
    public static Refusal NotFound(string why, string reason) => NotFound(reason) with { Why = why };
    public static Refusal Conflict(string why, string reason) => Conflict(reason) with { Why = why };
    public static Refusal Invalid(string why, string reason) => Invalid(reason) with { Why = why };
    public static Refusal Forbidden(string why, string reason) => Forbidden(reason) with { Why = why };
}

/// <summary>The value, or the refusal. Never both, never neither.</summary>
public readonly struct Outcome<T>
{
    private Outcome(T? value, Refusal? refusal) => (Value, Refusal) = (value, refusal);

    public T? Value { get; }
    public Refusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Succeeded => Refusal is null;

    [SuppressMessage("Usage", "CA2225", Justification = "The conversions are the way to make one")]
    public static implicit operator Outcome<T>(T value) => new(value, null);
    [SuppressMessage("Usage", "CA2225", Justification = "The conversions are the way to make one")]
    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}
