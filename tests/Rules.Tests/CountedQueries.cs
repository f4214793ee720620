using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Seamless.Rules.Tests;

/// <summary>How often the database has been asked.</summary>
internal sealed class CountedQueries : DbCommandInterceptor
{
    public int Count { get; private set; }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Count++;
        return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
    }
}
