using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.Fleet.Database.Migrations
{
    /// <inheritdoc />
    public partial class Limits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "fleet_limits",
                columns: table => new
                {
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    Device = table.Column<string>(type: "TEXT", nullable: false),
                    MessagesPerSecond = table.Column<long>(type: "INTEGER", nullable: true),
                    Burst = table.Column<long>(type: "INTEGER", nullable: true),
                    BytesPerDay = table.Column<long>(type: "INTEGER", nullable: true),
                    Metrics = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_fleet_limits", x => new { x.Tenant, x.Device });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "fleet_limits");
        }
    }
}
