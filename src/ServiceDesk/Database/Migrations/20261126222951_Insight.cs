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
        }
    }
}
