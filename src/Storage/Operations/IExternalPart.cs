namespace Seamless.Storage.Operations;

/// <summary>Somebody else's program that stands in for a part of the platform or beside it: a broker, a store, a hub.</summary>
public interface IExternalPart
{
    /// <summary>As in the configuration: <c>broker</c>, <c>store.influx</c>, <c>hub.azure</c>.</summary>
    string Name { get; }

    /// <summary>Its address, without secrets.</summary>
    string Address { get; }

    PartHealth Health { get; }
}

/// <param name="Detail">In words for the operator.</param>
public readonly record struct PartHealth(bool Well, string Detail);

/// <summary>Notes the last success and the last fault of a link; the later of them is how it stands.</summary>
/// <param name="unused">What to say as long as nothing has been tried.</param>
public sealed class LinkHealth(string unused)
{
    private volatile string? _fault = unused;

    public PartHealth Now => _fault is { } fault ? new PartHealth(false, fault) : new PartHealth(true, "connected");

    public void Well() => _fault = null;

    public void Failed(string why) => _fault = why;
}
