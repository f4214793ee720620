using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Seamless.ServiceDesk.Database;

/// <summary>Times are Unix milliseconds in the file, so that they sort and compare there.</summary>
internal sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
    at => at.ToUnixTimeMilliseconds(), ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));

internal static class Columns
{
    /// <summary>Keeps a small value that is never searched by as JSON text; replaced whole, never changed in place.</summary>
    public static void Json<TRow, TValue>(this EntityTypeBuilder<TRow> entity, Expression<Func<TRow, TValue>> property) where TRow : class =>
        entity.Property(property).HasConversion(
            new ValueConverter<TValue, string>(value => Write(value), text => Read<TValue>(text)),
            new ValueComparer<TValue>((a, b) => Write(a) == Write(b), value => Write(value).Length, value => value));

    private static string Write<T>(T value) => JsonSerializer.Serialize(value);
    private static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text)!;   // we wrote it, and null is never written: EF stores NULL itself
}
