using Microsoft.Extensions.Logging;

namespace Seamless.Storage.TimeSeries.Influx;

internal static partial class InfluxMessages
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "InfluxDB did not take {Count} lines: {Reason}; see rejected.lp")]
    public static partial void Rejected(ILogger logger, int count, string reason);
}
