namespace Seamless.ServiceDesk.Kpis;

/// <summary>The desk's events of a tenant: to be read, exported and checked, never changed.</summary>
public interface IEventLog
{
    Task<LogHead> HeadAsync(string tenant, CancellationToken ct);

    /// <summary>In order, from number <paramref name="after"/> + 1 on.</summary>
    IAsyncEnumerable<LoggedEvent> ReadAsync(string tenant, long after, CancellationToken ct);

    /// <summary>Computes the whole chain anew.</summary>
    /// <param name="kept">A head that was kept elsewhere: the log must still contain it.</param>
    Task<LogCheck> CheckAsync(string tenant, LogHead? kept, CancellationToken ct);
}
