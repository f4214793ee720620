using System.ComponentModel.DataAnnotations;

namespace Seamless.Storage.TimeSeries.Influx;

/// <summary>Which write form the server speaks. All three answer InfluxQL on <c>/query</c>.</summary>
public enum InfluxVersion { V1, V2, V3 }

/// <summary>Where InfluxDB is, and how it likes to be fed.</summary>
public sealed class InfluxOptions
{
    /// <summary>Such as <c>http://influx:8086</c>; a path before the API's own is kept.</summary>
    [Required]
    public required Uri Url { get; init; }

    public InfluxVersion Version { get; init; } = InfluxVersion.V1;

    /// <summary>The database of v1 and v3; the bucket of v2, which a DBRP mapping must make readable by InfluxQL under the same name.</summary>
    [Required, MinLength(1)]
    public required string Database { get; init; }

    /// <summary>v1 only; null for the database's default.</summary>
    public string? RetentionPolicy { get; init; }

    /// <summary>v2 only.</summary>
    public string? Organisation { get; init; }

    /// <summary>v2 and v3.</summary>
    public string? Token { get; init; }

    /// <summary>v1, with <see cref="Password"/>; null where the server asks nobody.</summary>
    public string? User { get; init; }
    public string? Password { get; init; }

    /// <summary>Lines in one request at most: InfluxDB's documentation asks for 5,000 to 10,000.</summary>
    [Range(1, 100_000)]
    public int WriteBatch { get; init; } = 5_000;

    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan WriteDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request that met a busy or absent server is made again before the append fails. The log then keeps the rows and the append is tried anew.</summary>
    [Range(0, 100)]
    public int Retries { get; init; } = 5;
}
