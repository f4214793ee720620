using Seamless.Telemetry;

namespace Seamless.Rules.Backtests;

public enum BacktestState : byte { Running, Finished, Failed, Cancelled }

/// <summary>A backtest that was started, as it is at this moment.</summary>
/// <param name="Report">Once it has finished.</param>
/// <param name="Refusal">Why it failed.</param>
public sealed record BacktestRun(string Id, BacktestRequest Request, BacktestState State, BacktestProgress Progress, BacktestReport? Report, Refusal? Refusal);

/// <summary>Backtests that go on while nobody waits: started, looked at, cancelled. The last few results are kept in memory.</summary>
public interface IBacktestRuns
{
    /// <returns>The run, which has failed already when the request is wrong; refused when too many run.</returns>
    Task<Outcome<BacktestRun>> StartAsync(BacktestRequest request);

    /// <summary>Null when there is no such run of the tenant, or no more.</summary>
    BacktestRun? Find(string tenant, string id);

    /// <summary>Ends it if it still runs. Null as <see cref="Find"/>.</summary>
    BacktestRun? Cancel(string tenant, string id);
}
