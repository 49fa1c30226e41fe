# SPDX-License-Identifier: MIT
# How rooms (folders of src/) and their tests become targets.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(jkp_flags INTERFACE)
target_compile_options(jkp_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wswitch-enum
  -Wnon-virtual-dtor -Wold-style-cast -Wimplicit-fallthrough
  # g++ 12 sees uninitialised values inside every std::optional it cannot follow, and at -O3 overlapping
  # copies in "text" + std::string (GCC bug 105651).
  # clang objects to what std::stable_sort of that library calls.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized$<SEMICOLON>-Wno-restrict>)
target_include_directories(jkp_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
if(JKP_SANITIZE)
  target_compile_options(jkp_flags INTERFACE -fsanitize=${JKP_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(jkp_flags INTERFACE -fsanitize=${JKP_SANITIZE})
endif()

set(jkp_shell_rooms app cli config io report scenario)

# jkp_room(<name> [DEPENDS room...] [LIBS target...])
# One static library per folder; a room sees only the rooms it names.
function(jkp_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    set(scope PUBLIC)
    add_library(jkp_${name} STATIC ${sources})
  else()
    set(scope INTERFACE)
    add_library(jkp_${name} INTERFACE)
  endif()
  foreach(room IN LISTS ROOM_DEPENDS)
    target_link_libraries(jkp_${name} ${scope} jkp_${room})
  endforeach()
  target_link_libraries(jkp_${name} ${scope} jkp_flags ${ROOM_LIBS})
  # With sanitizers the rooms around the big headers compile in half the time unoptimised; what simulations
  # spend their time in stays optimised.
  if(JKP_SANITIZE AND name IN_LIST jkp_shell_rooms)
    target_compile_options(jkp_${name} PRIVATE -O0)
  endif()
endfunction()

# A test compiles three times faster without optimisation and with the headers of the test libraries read once;
# what it tests stays optimised.
set(jkp_test_options -O0 -g1)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND jkp_test_options -fpch-preprocess)  # lets ccache see through a precompiled header
else()
  list(APPEND jkp_test_options "SHELL:-Xclang -fno-pch-timestamp")
endif()

# ctest's slots are halves of a processor here: what calculates takes two, what mostly waits for the clock takes
# one. script/test gives it twice the number of processors.

# jkp_test(<name> [REAL_TIME] [WAITS] [BUSY] [ROOMS room...] [LIBS target...] [DEFINES def...] [LABELS label...])
# BUSY: the tests themselves calculate a lot, so that sanitizers need them optimised.
# REAL_TIME: the tests check milliseconds on a line and therefore never share the machine with others.
# WAITS: the tests wait for most of their time.
# One test program per folder of tests/; every test inside is known to ctest by its own name.
function(jkp_test name)
  cmake_parse_arguments(T "REAL_TIME;WAITS;BUSY" "" "ROOMS;LIBS;DEFINES;LABELS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_executable(test_${name} ${sources})
  target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(test_${name} PRIVATE
    JKP_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    JKP_CAPTURES_DIR="${CMAKE_SOURCE_DIR}/../shared/captures" ${T_DEFINES})
  foreach(room IN LISTS T_ROOMS)
    target_link_libraries(test_${name} PRIVATE jkp_${room})
  endforeach()
  target_link_libraries(test_${name} PRIVATE jkp_flags jkp_rapidcheck GTest::gtest_main GTest::gmock ${T_LIBS})
  if(NOT T_BUSY OR NOT JKP_SANITIZE)
    target_compile_options(test_${name} PRIVATE ${jkp_test_options})
    target_precompile_headers(test_${name} REUSE_FROM jkp_test_headers)
  endif()
  set(serial FALSE)
  if(T_REAL_TIME)
    set(serial TRUE)
  endif()
  set(slots 2)
  if(T_WAITS)
    set(slots 1)
  endif()
  gtest_discover_tests(test_${name} TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 120 RUN_SERIAL ${serial} PROCESSORS ${slots}
    LABELS "${T_LABELS}")
endfunction()
