using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.ServiceDesk.Database.Migrations
{
    /// <inheritdoc />
    public partial class Insight : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Proof",
                table: "desk_timeline",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "Hastened",
                table: "desk_stock_orders",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "AwaitedSince",
                table: "desk_part_lines",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Resourced",
                table: "desk_part_lines",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ResourcedAt",
                table: "desk_part_lines",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Origin",
                table: "desk_cases",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "desk_promises",
                columns: table => new
                {
                    Ticket = table.Column<string>(type: "TEXT", nullable: false),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", nullable: false),
                    GivenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Likely = table.Column<long>(type: "INTEGER", nullable: false),
                    Latest = table.Column<long>(type: "INTEGER", nullable: false),
                    ModelLikely = table.Column<long>(type: "INTEGER", nullable: false),
                    ModelLatest = table.Column<long>(type: "INTEGER", nullable: false),
                    Legs = table.Column<string>(type: "TEXT", nullable: false),
                    RepairedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Kept = table.Column<bool>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_promises", x => new { x.Ticket, x.Revision });
                });

            migrationBuilder.CreateIndex(
                name: "IX_desk_promises_Tenant_RepairedAt",
                table: "desk_promises",
                columns: new[] { "Tenant", "RepairedAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "desk_promises");

            migrationBuilder.DropColumn(
                name: "Proof",
                table: "desk_timeline");

            migrationBuilder.DropColumn(
                name: "Hastened",
                table: "desk_stock_orders");

            migrationBuilder.DropColumn(
                name: "AwaitedSince",
                table: "desk_part_lines");

            migrationBuilder.DropColumn(
                name: "Resourced",
                table: "desk_part_lines");

            migrationBuilder.DropColumn(
                name: "ResourcedAt",
                table: "desk_part_lines");

            migrationBuilder.DropColumn(
                name: "Origin",
                table: "desk_cases");
        }
    }
}
