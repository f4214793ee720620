namespace Seamless.Storage.TimeSeries.Influx;

/// <summary>InfluxDB is away, or refuses us rather than our data: somebody must act, and the log keeps the rows until then.</summary>
public sealed class InfluxException : IOException
{
    public InfluxException() { }
    public InfluxException(string message) : base(message) { }
    public InfluxException(string message, Exception? innerException) : base(message, innerException) { }
}
